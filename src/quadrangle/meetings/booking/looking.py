"""What students look at before they take an hour: teachers, and which hours are open."""

import asyncio
from datetime import datetime, timedelta

import msgspec

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import InvalidInput, NotSignedIn
from quadrangle.kernel.page import Page
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.booking import hours_rules, slot_rules
from quadrangle.meetings.booking.finding import busy_both, instant_at, of_teachers, published_hours
from quadrangle.meetings.booking.hours_rules import NewHours
from quadrangle.meetings.booking.model import Hours, Slot
from quadrangle.meetings.booking.ports import HoursStore
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.ports import MeetingStore, People
from quadrangle.meetings.scheduling.time_rules import zone_of

LONGEST_LOOK = timedelta(days=42)  # what a calendar page shows of a month, with its edges
_STEP = timedelta(days=7)  # of the search for the next open hour


class Offer(msgspec.Struct, frozen=True):
    """A teacher in the list, with the next hour that can be taken; None: there is none."""

    hours: Hours
    next_slot: Slot | None


class OpenHours(msgspec.Struct, frozen=True):
    """The hours of a teacher that the reader can take."""

    hours: Hours
    slots: list[Slot]


class Looking:
    """Reads what can be taken. Raises NotSignedIn, InvalidInput, Unavailable."""

    def __init__(
        self,
        hours: HoursStore,
        meetings: MeetingStore,
        people: People,
        clock: Clock,
        policy: MeetingPolicy,
    ) -> None:
        self._hours = hours
        self._people = people
        self._meetings = meetings
        self._clock = clock
        self._policy = policy

    async def teachers(
        self, limit: int, cursor: str | None, reader_zone: str, actor: Principal
    ) -> Page[Offer]:
        """Return who offers hours, by name; less than `limit` where some teach no more."""
        _require_account(actor)
        zone_of(reader_zone)
        page = await self._hours.page(limit, cursor)
        teaching = await of_teachers(self._people, page.items)
        offers = [Offer(each, await self._next(each, reader_zone, actor)) for each in teaching]
        return Page(offers, page.next_cursor)

    async def open_hours(
        self, teacher_id: str, first: str, last: str, reader_zone: str, actor: Principal
    ) -> OpenHours:
        """Return the open hours of a teacher that begin from one instant to before another.

        Neither the teacher nor the reader is in a meeting then. Raises NotFound.
        """
        _require_account(actor)
        zone_of(reader_zone)
        begins, ends = _span(first, last)
        hours = await published_hours(self._hours, self._people, teacher_id)
        return OpenHours(hours, await self._slots(hours, begins, ends, reader_zone, actor))

    async def preview(
        self, new: NewHours, first: str, last: str, reader_zone: str, actor: Principal
    ) -> OpenHours:
        """Return what would be open if these hours were published; nothing is saved.

        Raises Forbidden, and InvalidInput for what could not be published.
        """
        hours, _ = hours_rules.publish(None, new, actor, self._clock.now(), self._policy)
        zone_of(reader_zone)
        begins, ends = _span(first, last)
        return OpenHours(hours, await self._slots(hours, begins, ends, reader_zone, actor))

    async def _next(self, hours: Hours, reader_zone: str, actor: Principal) -> Slot | None:
        """Return the first open hour, looking further only where a week has none."""
        first, latest = slot_rules.bookable(hours, self._clock.now())
        while first < latest:
            last = min(first + _STEP, latest)
            slots = await self._slots(hours, first, last, reader_zone, actor)
            if slots:
                return slots[0]
            first = last
        return None

    async def _slots(
        self, hours: Hours, first: datetime, last: datetime, reader_zone: str, actor: Principal
    ) -> list[Slot]:
        reader_id = _require_account(actor)
        busy = await busy_both(self._meetings, hours, reader_id, first, last)
        now = self._clock.now()
        # Thousands of short hours take a second to make: others have their turn meanwhile.
        return await asyncio.to_thread(
            slot_rules.open_slots, hours, first, last, busy, now, reader_zone
        )


def _span(first: str, last: str) -> tuple[datetime, datetime]:
    begins, ends = instant_at("first", first), instant_at("last", last)
    if not begins < ends <= begins + LONGEST_LOOK:
        raise InvalidInput.at("last", f"Please ask for at most {LONGEST_LOOK.days} days.")
    return begins, ends


def _require_account(actor: Principal) -> str:
    if actor.account_id is None:
        raise NotSignedIn()
    return actor.account_id
