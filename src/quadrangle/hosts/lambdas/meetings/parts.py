"""The meeting service of the function that answers requests."""

from collections.abc import Callable

from quadrangle.aws.meetings.control import DynamoControlStore
from quadrangle.aws.meetings.feeds import DynamoFeedStore
from quadrangle.aws.meetings.guests import DynamoGuestBook
from quadrangle.aws.meetings.launch_times import DynamoLaunchTimes
from quadrangle.aws.meetings.presence import DynamoPresenceStore
from quadrangle.aws.meetings.reap_log import DynamoReapLog
from quadrangle.aws.meetings.room import DynamoRoomStore
from quadrangle.aws.meetings.standing import Standing
from quadrangle.aws.meetings.teaching_hours import DynamoHoursStore
from quadrangle.aws.meetings.tickets import DynamoTickets
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.meetings.doors import NoDoors
from quadrangle.hosts.lambdas.meetings.ec2_desktops import DesktopAdapters
from quadrangle.hosts.lambdas.meetings.materials import materials_of
from quadrangle.hosts.lambdas.meetings.rooms import ice_settings, jitsi_settings
from quadrangle.hosts.lambdas.meetings.stores import (
    desktop_adapters,
    link_keys,
    machine_keys,
    meeting_addresses,
    meeting_rights,
    meeting_store,
    organizer_of,
    policy_of,
    standing_of,
)
from quadrangle.kernel.lazily import lazily
from quadrangle.meetings.booking.series import hours_of_both
from quadrangle.meetings.booking.service import BookingParts, BookingService
from quadrangle.meetings.core import CoreParts
from quadrangle.meetings.desktops.machines import Machines, MachinesParts
from quadrangle.meetings.desktops.ports import Capacity
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.ports import Doors, People
from quadrangle.meetings.room.jitsi import RoomTokens
from quadrangle.meetings.service import MeetingParts, MeetingService, room_limit


class MeetingFacades:
    """What routes are given; asks what stands about desktops when it is made."""

    def __init__(self, parts: FunctionParts, people: People) -> None:
        standing = standing_of(parts)
        policy = policy_of(standing().lead_minutes)
        adapters = desktop_adapters(parts)
        doors = adapters.doors if adapters else NoDoors()
        self.meetings = _meetings(parts, people, standing, policy, doors)
        self.booking = _booking(parts, people, self.meetings)
        self.materials = materials_of(parts, self.meetings.seats)
        self.machines = _machines(parts, self.meetings, adapters) if adapters else None


def _meetings(
    parts: FunctionParts,
    people: People,
    standing: Callable[[], Standing],
    policy: MeetingPolicy,
    doors: Doors,
) -> MeetingService:
    given = (parts.dynamo, parts.tables)

    def capacity() -> Capacity:
        now = standing()
        return Capacity(now.desktops, now.why)

    core = CoreParts(
        store=meeting_store(parts),
        presence=DynamoPresenceStore(*given),
        tickets=DynamoTickets(*given, parts.clock),
        launch_times=DynamoLaunchTimes(*given),
        link_keys=link_keys(parts),
        doors=doors,
        addresses=meeting_addresses(parts),
        clock=parts.clock,
        people=people,
        policy=policy,
        rights=meeting_rights(parts),
        limit=lambda: room_limit(capacity(), policy),
        claims_of=hours_of_both,
    )
    return MeetingService(
        MeetingParts(
            core=core,
            control=DynamoControlStore(*given),
            room=DynamoRoomStore(*given),
            ice=ice_settings(parts),
            jitsi=jitsi_settings(parts),
            room_tokens=lazily(_room_tokens),
            capacity=capacity,
            reaped=DynamoReapLog(*given),
        )
    )


def _booking(parts: FunctionParts, people: People, meetings: MeetingService) -> BookingService:
    settings, given = parts.environment, (parts.dynamo, parts.tables)
    return BookingService(
        BookingParts(
            hours=DynamoHoursStore(*given),
            feeds=DynamoFeedStore(*given),
            meetings=meeting_store(parts),
            scheduling=meetings.scheduling,
            people=people,
            links=meetings.links,
            organizer=organizer_of(parts),
            addresses=meetings.addresses,
            join_page=f"{settings.public_url.rstrip('/')}/meeting",
            limit=meetings.limit,
            clock=parts.clock,
            rights=meetings.rights,
            policy=meetings.policy,
        )
    )


def _machines(
    parts: FunctionParts, meetings: MeetingService, adapters: DesktopAdapters
) -> Machines:
    return Machines(
        MachinesParts(
            store=meeting_store(parts),
            ticketing=meetings.ticketing,
            supervision=meetings.supervision,
            presence=DynamoPresenceStore(parts.dynamo, parts.tables),
            keys=machine_keys(parts),
            files=lazily(lambda: adapters.files),
            guests=DynamoGuestBook(parts.dynamo, parts.tables, parts.clock),
            standing=meetings.standing,
            clock=parts.clock,
        )
    )


def _room_tokens() -> RoomTokens:
    from quadrangle.portable.rooms.jitsi_tokens import Hs256RoomTokens

    return Hs256RoomTokens()
