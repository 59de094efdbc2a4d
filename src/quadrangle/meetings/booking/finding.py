"""What booking has to find before it decides."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.errors import InvalidInput, NotFound
from quadrangle.kernel.ids import is_id
from quadrangle.kernel.page import all_items
from quadrangle.meetings.booking.hours_rules import gives_hours
from quadrangle.meetings.booking.model import Busy, Hours
from quadrangle.meetings.booking.ports import HoursStore
from quadrangle.meetings.booking.taking_rules import busy_with
from quadrangle.meetings.model import Meeting
from quadrangle.meetings.ports import MeetingQuery, MeetingStore, People

NO_HOURS = "This teacher offers no hours."
# Neither a meeting nor an hour is longer than a day, and what was scheduled for up to a day ago
# begins when it was: so far around a span is all that reaches into it.
_LONGEST = timedelta(days=2)
_PAGE = 200


async def published_hours(store: HoursStore, people: People, teacher_id: str) -> Hours:
    """Return the hours that a teacher offers who teaches still. Raises NotFound."""
    hours = await store.get(teacher_id) if is_id(teacher_id) else None
    if hours is None or not hours.published or not await _teaches(people, hours):
        raise NotFound(NO_HOURS)
    return hours


async def of_teachers(people: People, hours: Sequence[Hours]) -> list[Hours]:
    """Return the hours, in order, whose teachers teach still."""
    teaching = await asyncio.gather(*(_teaches(people, each) for each in hours))
    return [each for each, teaches in zip(hours, teaching, strict=True) if teaches]


async def _teaches(people: People, hours: Hours) -> bool:
    return gives_hours(await people.role_of(hours.teacher_id))


async def busy_both(
    store: MeetingStore,
    hours: Hours,
    student_id: str,
    first: datetime,
    last: datetime,
    *,
    but: str | None = None,
) -> list[Busy]:
    """Return when hours that begin in a span cannot be taken: teacher or student are in a meeting.

    The teacher's takes the buffer on either side too. The meeting of the id `but` takes none.
    """
    teaches = await meetings_between(store, hours.teacher_id, first - _LONGEST, last + _LONGEST)
    learns = await meetings_between(store, student_id, first - _LONGEST, last + _LONGEST)
    buffer = hours.rules.buffer
    return busy_with(teaches, buffer=buffer, but=but) + busy_with(learns, buffer=0, but=but)


async def meetings_between(
    store: MeetingStore, person_id: str | None, first: datetime, last: datetime
) -> list[Meeting]:
    """Return a person's meetings (None: everyone's) of every status that begin from one instant to
    before another."""
    query = MeetingQuery(person_id=person_id, first=to_text(first), last=to_text(last))
    return [each async for each in all_items(lambda cursor: store.page(query, _PAGE, cursor))]


def instant_at(field: str, text: str) -> datetime:
    """Read an instant that a client gave. Raises InvalidInput."""
    try:
        if datetime.fromisoformat(text).tzinfo is None:
            raise ValueError("no offset")
        return from_text(text)
    except (ValueError, OverflowError) as error:
        sentence = "Please give an instant such as 2027-03-28T12:30:00Z."
        raise InvalidInput.at(field, sentence) from error
