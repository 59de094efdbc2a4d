"""The meeting service on one machine."""

import re
import secrets
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quadrangle import portable
from quadrangle.hosts.one_machine.meetings.materials import (
    check_limits,
    desktop_settings,
    materials_parts,
)
from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.service import Listener, ServiceHost, Task
from quadrangle.hosts.one_machine.settings import Settings, SettingsError
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.ids import is_id
from quadrangle.kernel.jobs import NewJob, RetryPolicy
from quadrangle.kernel.mail import MailQueue
from quadrangle.machine.desktops.doors import PathDoors
from quadrangle.machine.desktops.provider import SandboxDesktops
from quadrangle.machine.desktops.routes import PathRoutes
from quadrangle.machine.keys import key_files
from quadrangle.meetings.booking.series import hours_of_both
from quadrangle.meetings.booking.service import BookingParts, BookingService
from quadrangle.meetings.calendar.model import Organizer
from quadrangle.meetings.calendar.reactions import CalendarReactions
from quadrangle.meetings.calendar.reminders import Reminders
from quadrangle.meetings.calendar.texts import name_of
from quadrangle.meetings.control import following
from quadrangle.meetings.core import BackgroundParts, CoreParts, MeetingBackground
from quadrangle.meetings.declared import MEETINGS
from quadrangle.meetings.desktops.ports import Capacity
from quadrangle.meetings.mails import MeetingMails, Pages
from quadrangle.meetings.materials.service import (
    MaterialsBackground,
    MaterialsParts,
    MaterialsService,
)
from quadrangle.meetings.model import MeetingRole
from quadrangle.meetings.oversight.model import Price
from quadrangle.meetings.policy_model import MeetingAddresses, MeetingPolicy, MeetingRights
from quadrangle.meetings.ports import People
from quadrangle.meetings.recording.recorded_films import RecordedFilms
from quadrangle.meetings.renaming import Renaming
from quadrangle.meetings.room.ice import IceSettings
from quadrangle.meetings.room.jitsi import JitsiSettings
from quadrangle.meetings.scheduling.address_rules import origin_of
from quadrangle.meetings.service import MeetingParts, MeetingService, room_limit
from quadrangle.meetings.settling.watching import SWEEP
from quadrangle.portable.rooms.jitsi_tokens import Hs256RoomTokens
from quadrangle.portable.tokens.meeting_keys import KEY_BYTES, HmacDownloadKeys, HmacLinkKeys
from quadrangle.sql.meetings.control import SqlControlStore
from quadrangle.sql.meetings.feeds import SqlFeedStore
from quadrangle.sql.meetings.launch_times import SqlLaunchTimes
from quadrangle.sql.meetings.presence import SqlPresenceStore
from quadrangle.sql.meetings.reap_log import SqlReapLog
from quadrangle.sql.meetings.reap_marks import SqlReapMarks
from quadrangle.sql.meetings.reminder_choices import SqlReminderChoices
from quadrangle.sql.meetings.room import SqlRoomStore
from quadrangle.sql.meetings.store import SqlMeetingStore
from quadrangle.sql.meetings.teaching_hours import SqlHoursStore
from quadrangle.sql.meetings.tickets import SqlTickets

if TYPE_CHECKING:
    from quadrangle.hosts.shared.http_app import RouteGroup
    from quadrangle.http.common import Common

TERMINAL = Path(portable.__file__).parent / "terminal"
# A look that failed is made again soon: people wait for what it brings.
LOOK_POLICY = RetryPolicy(max_attempts=8, first_delay_s=1.0, max_delay_s=30.0)
_PRICE = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,4})?) ([A-Z]{3})")
_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?")  # it stands in a header of the page
UNKNOWN = Capacity(0, "It is not known yet how many desktops fit on this machine.")


class MeetingsHost(ServiceHost):
    declared = MEETINGS

    def __init__(
        self, parts: MachineParts, mail: MailQueue, sender: tuple[str, str], people: People
    ) -> None:
        """`sender` is the name and the address that mails come from."""
        self._parts = parts
        self._mail = mail
        self._sender = sender
        self._people = people
        self._capacity = UNKNOWN
        settings, database = parts.settings, parts.database
        self._desktop_settings = desktop_settings(settings)
        self.desktops = SandboxDesktops(self._desktop_settings, parts.clock, TERMINAL)
        self.policy = MeetingPolicy()
        self.store = SqlMeetingStore(database)
        self.presence = SqlPresenceStore(database)
        self._launch_times = SqlLaunchTimes(database)
        self._reaped = SqlReapLog(database)
        self._hours = SqlHoursStore(database)
        self._feeds = SqlFeedStore(database)
        self._choices = SqlReminderChoices(database)

    @cached_property
    def service(self) -> MeetingService:
        parts, settings = self._parts, self._parts.settings
        core = CoreParts(
            store=self.store,
            presence=self.presence,
            tickets=SqlTickets(parts.database),
            launch_times=self._launch_times,
            link_keys=HmacLinkKeys(self._link_key()),
            doors=PathDoors(settings.public_url),
            addresses=MeetingAddresses(
                public_url=settings.public_url,
                origins=settings.meeting_origins,
                jitsi_domain=settings.jitsi_domain,
            ),
            clock=parts.clock,
            people=self._people,
            policy=self.policy,
            rights=MeetingRights(
                anyone_schedules=settings.meeting_schedulers == "anyone",
                open_links=settings.meeting_links == "open",
            ),
            limit=lambda: room_limit(self._capacity, self.policy),
            claims_of=hours_of_both,
        )
        return MeetingService(
            MeetingParts(
                core=core,
                control=SqlControlStore(parts.database),
                room=SqlRoomStore(parts.database),
                ice=IceSettings(
                    stun=settings.stun_servers,
                    turn=settings.turn_servers,
                    turn_secret=settings.turn_secret,
                ),
                jitsi=JitsiSettings(
                    domain=settings.jitsi_domain,
                    app_id=settings.jitsi_app_id,
                    secret=settings.jitsi_secret,
                ),
                room_tokens=Hs256RoomTokens(),
                capacity=lambda: self._capacity,
                reaped=self._reaped,
                price=price_of(settings.desktop_hour_price),
            )
        )

    @cached_property
    def booking(self) -> BookingService:
        parts, meetings = self._parts, self.service
        return BookingService(
            BookingParts(
                hours=self._hours,
                feeds=self._feeds,
                meetings=self.store,
                scheduling=meetings.scheduling,
                people=self._people,
                links=meetings.links,
                organizer=self._organizer,
                addresses=meetings.addresses,
                join_page=f"{parts.settings.public_url.rstrip('/')}/meeting",
                limit=meetings.limit,
                clock=parts.clock,
                rights=meetings.rights,
                policy=self.policy,
            )
        )

    @property
    def _organizer(self) -> Organizer:
        return Organizer(*self._sender)

    @cached_property
    def _mails(self) -> MeetingMails:
        return MeetingMails(self._organizer, Pages(self._parts.settings.public_url))

    @cached_property
    def _reminders(self) -> Reminders:
        parts, links = self._parts, self.service.links
        return Reminders(
            self.store,
            self._people,
            links,
            self._mails,
            self._mail,
            parts.jobs,
            parts.clock,
            self._choices,
        )

    @cached_property
    def materials(self) -> MaterialsService:
        keys = HmacDownloadKeys(self._link_key())
        return MaterialsService(self._materials_parts, self.service.seats, keys)

    @cached_property
    def _materials_parts(self) -> MaterialsParts:
        return materials_parts(
            self._parts, self._desktop_settings, self._choices, self.policy, self._people
        )

    @property
    def recorded_films(self) -> RecordedFilms:
        """What was recorded, for the video service to take in."""
        parts = self._materials_parts
        return RecordedFilms(parts.meetings, parts.sheets.recordings, parts.camera, self._people)

    @cached_property
    def _around(self) -> MaterialsBackground:
        return MaterialsBackground(self._materials_parts)

    def _link_key(self) -> bytes:
        path = self._parts.settings.data / "keys" / "meetings.key"
        return key_files.load_or_make(path, lambda: secrets.token_bytes(KEY_BYTES))

    @classmethod
    def check_settings(cls, settings: Settings) -> None:
        if settings.jitsi_domain and not _HOST.fullmatch(settings.jitsi_domain):
            raise SettingsError(
                "QUADRANGLE_JITSI_DOMAIN must be a host such as meet.campus.example."
            )
        check_limits(settings)
        price_of(settings.desktop_hour_price)
        if settings.jitsi_secret and not (settings.jitsi_domain and settings.jitsi_app_id):
            raise SettingsError(
                "QUADRANGLE_JITSI_SECRET needs QUADRANGLE_JITSI_DOMAIN and QUADRANGLE_JITSI_APP_ID."
            )

    # -- the server ---------------------------------------------------------------------------

    async def first_start(self) -> list[str]:
        """Find out what fits, and have the first sweep made, which then asks for the next."""
        self._capacity = await self.desktops.capacity()
        await self._parts.jobs.put(NewJob(SWEEP, {}, name=SWEEP), *MaterialsBackground.begin())
        if self._capacity.desktops:
            return []
        return [f"  Meetings have no desktops here: {self._capacity.why}"]

    def http(self, common: "Common") -> "RouteGroup":
        from quadrangle.hosts.shared.http_app import RouteGroup
        from quadrangle.meetings.http.desktops.lines import LineParts, stream_routes
        from quadrangle.meetings.http.routes import DEPENDENCIES, FOLLOWED, MATERIALS, ROUTES
        from quadrangle.portable.gates import make_gate

        meetings = self.service
        parts = LineParts(
            ticketing=meetings.ticketing,
            supervision=meetings.supervision,
            switchboard=meetings.switchboard,
            presence=self.presence,
            clock=self._parts.clock,
            make_gate=make_gate,
            standing=meetings.standing,
        )
        facades = [meetings, self.booking, self.materials]
        settings = self._parts.settings
        pages = (settings.public_url, *settings.meeting_origins)
        origins = frozenset(origin for page in pages if (origin := origin_of(page)))
        routes = [*ROUTES, *MATERIALS, *FOLLOWED, *stream_routes(parts, origins)]
        return RouteGroup(routes, facades, DEPENDENCIES)

    def listeners(self) -> Sequence[Listener]:
        return [Listener(following.KINDS, self.service.following.hear)]

    def errands(self) -> Sequence[Callable[[], Coroutine[Any, Any, None]]]:
        return [self.service.following.until_stopped]

    def embeds(self) -> Mapping[str, str]:
        domain = self._parts.settings.jitsi_domain
        return {"/meeting": f"https://{domain}"} if domain else {}

    @cached_property
    def _background(self) -> MeetingBackground:
        parts = self._parts
        return MeetingBackground(
            BackgroundParts(
                store=self.store,
                presence=self.presence,
                launch_times=self._launch_times,
                marks=SqlReapMarks(parts.database),
                reaped=self._reaped,
                desktops=self.desktops,
                routes=PathRoutes(self._desktop_settings),
                jobs=parts.jobs,
                clock=parts.clock,
                policy=self.policy,
            )
        )

    # -- the worker ---------------------------------------------------------------------------

    async def title_of(self, meeting_id: str) -> str | None:
        """Return whose meeting it is, None of one that is gone. Raises Unavailable."""
        meeting = await self.store.get(meeting_id) if is_id(meeting_id) else None
        if meeting is None:
            return None
        sides = (name_of(meeting, each) for each in (MeetingRole.TEACHER, MeetingRole.STUDENT))
        return " with ".join(sides)

    def reactions(self) -> Sequence[Reaction]:
        parts = self._parts
        of_calendars = CalendarReactions(
            self.store,
            self._people,
            self.service.links,
            self._mails,
            self._mail,
            self._hours,
            self._feeds,
            parts.settings.admin_email,
        )
        renaming = Renaming(self.store, self._hours, self._people, parts.clock, self.policy)
        return [
            *self._background.reactions(),
            *of_calendars.all(),
            *renaming.reactions(),
            *self._reminders.reactions(),
            *self._around.reactions(),
        ]

    def tasks(self) -> Mapping[str, Task]:
        looks = {
            name: Task(handle, LOOK_POLICY) for name, handle in self._background.handlers().items()
        }
        reminders = {name: Task(handle) for name, handle in self._reminders.handlers().items()}
        around = {name: Task(handle) for name, handle in self._around.handlers().items()}
        return {**looks, **reminders, **around}


def price_of(text: str) -> Price | None:
    """Read what an hour of a desktop costs, None where that is not said. Raises SettingsError."""
    if not text:
        return None
    found = _PRICE.fullmatch(text)
    if found is None:
        raise SettingsError(
            "QUADRANGLE_DESKTOP_HOUR_PRICE must be an amount and a currency, such as 0.12 EUR."
        )
    return Price(float(found[1]), found[2])
