"""How an hour becomes one student's and nobody else's.

What is open is looked up first, for a sentence that helps. What decides is the store: it tests and
writes the claims in the transaction of the meeting, so that of many who take one hour one gets it.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from quadrangle.kernel.clock import from_text
from quadrangle.kernel.errors import Conflict
from quadrangle.meetings.booking import slot_rules, taking_rules
from quadrangle.meetings.booking.finding import busy_both, instant_at, meetings_between
from quadrangle.meetings.booking.model import Hours, Slot
from quadrangle.meetings.ports import MeetingStore
from quadrangle.meetings.scheduling.claims_model import HourClaim, HourTaken

Write = Callable[[Sequence[HourClaim]], Awaitable[None]]
NOT_OFFERED = "This is not one of the teacher's hours. Please choose another one."


class Claiming:
    """Finds an hour and takes it, by `write`, which saves a meeting with the claims it is given."""

    def __init__(self, meetings: MeetingStore) -> None:
        self._meetings = meetings

    async def open_slot(
        self,
        hours: Hours,
        starts_at: str,
        student_id: str,
        now: datetime,
        *,
        but: str | None = None,
    ) -> Slot:
        """Return the hour that begins then, if the student can take it now.

        The meeting of the id `but` is the one that takes it. Raises InvalidInput for what is no
        instant, Conflict, and HourTaken where one of the two is in a meeting then.
        """
        start = instant_at("startsAt", starts_at)
        slot = slot_rules.slot_at(hours, start, hours.time_zone)
        if slot is None:
            raise Conflict(NOT_OFFERED)
        taking_rules.require_bookable(hours, slot, now)
        if await self._is_taken(hours, slot, student_id, but):
            raise HourTaken()
        await self._require_below_limit(hours, slot, student_id, but)
        return slot

    async def take(
        self, hours: Hours, slot: Slot, student_id: str, write: Write, *, but: str | None = None
    ) -> None:
        """Save a meeting with the hour and, where there is a limit, a place in the week.

        Raises HourTaken, Conflict once the week is full, and what `write` raises.
        """
        claims = taking_rules.hours_taken(hours, slot, student_id)
        seats = taking_rules.seats(hours, slot, student_id)
        if not seats:
            await write(claims)
            return
        for seat in seats:
            try:
                await write([*claims, seat])
            except HourTaken:
                if await self._is_taken(hours, slot, student_id, but):
                    raise
            else:
                return
        raise taking_rules.limit_reached(len(seats))

    async def _is_taken(self, hours: Hours, slot: Slot, student_id: str, but: str | None) -> bool:
        start = from_text(slot.starts_at)
        busy = await busy_both(self._meetings, hours, student_id, start, start, but=but)
        span = start, from_text(slot.ends_at)
        return not slot_rules.is_free(span, [slot_rules.span_of(each) for each in busy])

    async def _require_below_limit(
        self, hours: Hours, slot: Slot, student_id: str, but: str | None
    ) -> None:
        if hours.rules.weekly_limit is None:
            return
        found = await meetings_between(
            self._meetings, student_id, *taking_rules.week_of(hours, slot)
        )
        taken = [each for each in found if each.meeting_id != but]
        taking_rules.require_below_limit(hours, taken)
