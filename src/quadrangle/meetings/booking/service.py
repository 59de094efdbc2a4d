"""Booking and calendars: their capabilities, put together from the parts a host has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from quadrangle.kernel.clock import Clock
from quadrangle.meetings.booking.changing import Changing
from quadrangle.meetings.booking.looking import Looking
from quadrangle.meetings.booking.ports import HoursStore
from quadrangle.meetings.booking.publishing import Publishing
from quadrangle.meetings.booking.series import SeriesScheduling
from quadrangle.meetings.booking.taking import Taking
from quadrangle.meetings.calendar.feeds import Feeds
from quadrangle.meetings.calendar.files import CalendarFiles
from quadrangle.meetings.calendar.model import Organizer
from quadrangle.meetings.calendar.ports import FeedStore, JoinLinks
from quadrangle.meetings.mails import Pages
from quadrangle.meetings.policy_model import MeetingAddresses, MeetingPolicy, MeetingRights
from quadrangle.meetings.ports import MeetingStore, People
from quadrangle.meetings.scheduling.claims_model import RoomLimit
from quadrangle.meetings.scheduling.scheduling import Scheduling


@dataclass(frozen=True)
class BookingParts:
    """What the service is put together from.

    `limit` bounds the meetings with desktops at once, as that of `scheduling` does. `join_page` is
    the address of the page that links of booked meetings lead to; `organizer` is whom mails come
    from.
    """

    hours: HoursStore
    feeds: FeedStore
    meetings: MeetingStore
    scheduling: Scheduling
    people: People
    links: JoinLinks
    organizer: Organizer
    addresses: MeetingAddresses
    join_page: str
    limit: Callable[[], RoomLimit | None]
    clock: Clock
    rights: MeetingRights
    policy: MeetingPolicy


class BookingService:
    """Everything that can be done with free hours, series and calendars."""

    injected_as: ClassVar[str] = "booking"

    def __init__(self, parts: BookingParts) -> None:
        p, clock, policy = parts, parts.clock, parts.policy
        self.join_page = p.join_page
        self.publishing = Publishing(p.hours, clock, policy)
        self.looking = Looking(p.hours, p.meetings, p.people, clock, policy)
        self.taking = Taking(
            p.hours, p.meetings, p.people, p.addresses, p.join_page, clock, policy, p.limit
        )
        self.changing = Changing(p.hours, p.meetings, p.people, clock, policy, p.limit)
        self.series = SeriesScheduling(p.meetings, p.scheduling, p.rights)
        pages = Pages(p.addresses.public_url)
        self.feeds = Feeds(p.feeds, p.meetings, p.people, p.organizer, pages.all(), clock)
        self.files = CalendarFiles(p.meetings, p.links, p.organizer)
