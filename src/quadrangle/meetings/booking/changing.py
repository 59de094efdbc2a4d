"""A student moves their meeting to another open hour, or calls it off."""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.principal import Principal
from quadrangle.meetings import life_rules, status_rules, tally_rules
from quadrangle.meetings.booking import taking_rules
from quadrangle.meetings.booking.claiming import Claiming
from quadrangle.meetings.booking.finding import published_hours
from quadrangle.meetings.booking.model import BookingRules, Hours, Slot
from quadrangle.meetings.booking.ports import HoursStore
from quadrangle.meetings.life_rules import Told
from quadrangle.meetings.model import Meeting
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.ports import MeetingStore, People
from quadrangle.meetings.scheduling.claims_model import HourClaim, RoomLimit
from quadrangle.meetings.scheduling.time_rules import resolve
from quadrangle.meetings.window_rules import is_past
from quadrangle.meetings.writing import existing, retrying

SAME_TIME = "The meeting is at that time already."


class Refusals(msgspec.Struct, frozen=True):
    """Why a student cannot move a meeting, or call it off; None where they can."""

    move: str | None
    cancel: str | None


class Changing:
    """What a student does with their own meeting, within the notice that the teacher wants.

    Raises NotSignedIn, Forbidden, NotFound, Gone, Conflict, Unavailable. With `version`, Conflict
    also when the meeting was written since.
    """

    def __init__(
        self,
        hours: HoursStore,
        meetings: MeetingStore,
        people: People,
        clock: Clock,
        policy: MeetingPolicy,
        limit: Callable[[], RoomLimit | None] = lambda: None,
    ) -> None:
        self._hours = hours
        self._people = people
        self._meetings = meetings
        self._clock = clock
        self._policy = policy
        self._limit = limit
        self._claiming = Claiming(meetings)

    async def move(
        self, meeting_id: str, starts_at: str, actor: Principal, version: int | None = None
    ) -> Meeting:
        """Have the meeting in the open hour that begins then, and return it.

        Raises InvalidInput too, and HourTaken.
        """

        async def attempt() -> Meeting:
            meeting, student_id = await self._own(meeting_id, actor, version)
            hours = await published_hours(self._hours, self._people, meeting.teacher_id or "")
            now = self._clock.now()
            taking_rules.require_movable(hours.rules, meeting, now)
            slot = await self._claiming.open_slot(hours, starts_at, student_id, now, but=meeting_id)
            decided, changes = self._moved(meeting, hours, slot, actor)

            async def write(claims: Sequence[HourClaim]) -> None:
                await self._meetings.save(decided, changes, claims, self._limit())

            await self._claiming.take(hours, slot, student_id, write, but=meeting_id)
            return decided

        return await _attempted(attempt, version)

    async def cancel(
        self, meeting_id: str, actor: Principal, version: int | None = None
    ) -> Meeting:
        """Call the meeting off, and return it."""

        async def attempt() -> Meeting:
            meeting, _ = await self._own(meeting_id, actor, version)
            hours = await self._hours.get(meeting.teacher_id) if meeting.teacher_id else None
            now = self._clock.now()
            rules = BookingRules() if hours is None else hours.rules
            taking_rules.require_cancellable(rules, meeting, now)
            given = tally_rules.given_back(meeting)
            off, told = life_rules.cancel(given, actor, now, self._policy)
            decided, changes = status_rules.decide(meeting, off, told, actor, now, self._policy)
            await self._meetings.save(decided, changes)
            return decided

        return await _attempted(attempt, version)

    async def refusals(self, meeting: Meeting, actor: Principal) -> Refusals | None:
        """Return why its student could not move or call off a meeting now; None for others and
        for a meeting that is over."""
        is_own = actor.account_id is not None and actor.account_id == meeting.student_id
        now = self._clock.now()
        if not is_own or is_past(meeting, now, self._policy):
            return None
        hours = await self._hours.get(meeting.teacher_id) if meeting.teacher_id else None
        rules = BookingRules() if hours is None else hours.rules
        move = _said(lambda: taking_rules.require_movable(rules, meeting, now))
        try:
            await published_hours(self._hours, self._people, meeting.teacher_id or "")
        except NotFound as error:
            move = error.message
        cancel = _said(lambda: taking_rules.require_cancellable(rules, meeting, now))
        return Refusals(move, cancel)

    async def _own(
        self, meeting_id: str, actor: Principal, version: int | None
    ) -> tuple[Meeting, str]:
        meeting = await existing(self._meetings, meeting_id)
        student_id = taking_rules.require_student_of(meeting, actor)
        if version is not None and version != meeting.version:
            raise Conflict()
        life_rules.require_open(meeting, self._clock.now(), self._policy)
        return meeting, student_id

    def _moved(self, meeting: Meeting, hours: Hours, slot: Slot, actor: Principal) -> Told:
        if slot.starts_at == meeting.meet_time:
            raise Conflict(SAME_TIME)
        now = self._clock.now()
        to = resolve(slot.teacher_time, hours.time_zone)
        counted = tally_rules.moved_by_student(meeting)
        moved, told = life_rules.move(counted, to, hours.minutes, actor, now, self._policy)
        moved = msgspec.structs.replace(moved, exclusive=True)
        return status_rules.decide(meeting, moved, told, actor, now, self._policy)


def _said(require: Callable[[], None]) -> str | None:
    try:
        require()
    except Conflict as error:
        return error.message
    return None


async def _attempted(attempt: Callable[[], Awaitable[Meeting]], version: int | None) -> Meeting:
    """A write that was lost to somebody else's is tried again, unless a version was named."""
    return await (attempt() if version is not None else retrying(attempt))
