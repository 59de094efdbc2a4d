"""A student takes an hour that a teacher has open."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import NotSignedIn
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.booking import taking_rules
from quadrangle.meetings.booking.claiming import Claiming
from quadrangle.meetings.booking.finding import instant_at, meetings_between, published_hours
from quadrangle.meetings.booking.hours_rules import MAX_DAYS_AHEAD
from quadrangle.meetings.booking.model import Hours, Slot
from quadrangle.meetings.booking.ports import HoursStore
from quadrangle.meetings.life_rules import Told
from quadrangle.meetings.model import Meeting, Status, Workspace
from quadrangle.meetings.policy_model import MeetingAddresses, MeetingPolicy
from quadrangle.meetings.ports import MeetingStore, People
from quadrangle.meetings.scheduling import rules as scheduling_rules
from quadrangle.meetings.scheduling.claims_model import HourClaim, RoomLimit
from quadrangle.meetings.scheduling.rules import NewMeeting

_MOMENT = timedelta(milliseconds=1)
_FURTHEST = timedelta(days=MAX_DAYS_AHEAD + 1)


class Taking:
    """Makes meetings of open hours. `page` is where the links of such a meeting lead to."""

    def __init__(
        self,
        hours: HoursStore,
        meetings: MeetingStore,
        people: People,
        addresses: MeetingAddresses,
        page: str,
        clock: Clock,
        policy: MeetingPolicy,
        limit: Callable[[], RoomLimit | None] = lambda: None,
    ) -> None:
        self._hours = hours
        self._people = people
        self._meetings = meetings
        self._addresses = addresses
        self._page = page
        self._clock = clock
        self._policy = policy
        self._limit = limit
        self._claiming = Claiming(meetings)

    async def take(
        self,
        teacher_id: str,
        starts_at: str,
        actor: Principal,
        workspace: Workspace | None = None,
    ) -> Meeting:
        """Make a meeting of the hour that begins at an instant, and return it; the one there is
        to who took that hour already, as an answer may be lost.

        Raises NotSignedIn, Forbidden, NotFound, InvalidInput, Unavailable; Conflict: the hour
        is taken (HourTaken), the teacher's rules are against it, or there is no room for it; and
        TooManyRequests for who only gives hours back.
        """
        if actor.account_id is None:
            raise NotSignedIn("Please sign in to take an hour.")
        hours = await published_hours(self._hours, self._people, teacher_id)
        student_id = taking_rules.require_student(hours, actor)
        kind = taking_rules.workspace_of(hours, workspace)
        now = self._clock.now()
        mine = await self._same(hours.teacher_id, student_id, starts_at, now)
        if mine is not None:
            return mine
        await self._require_bounds(student_id, now)
        slot = await self._claiming.open_slot(hours, starts_at, student_id, now)
        meeting, changes = self._meeting(hours, slot, kind, actor)

        async def write(claims: Sequence[HourClaim]) -> None:
            await self._meetings.add(
                [meeting], changes, {meeting.meeting_id: claims}, self._limit()
            )

        await self._claiming.take(hours, slot, student_id, write)
        return meeting

    async def _same(
        self, teacher_id: str, student_id: str, starts_at: str, now: datetime
    ) -> Meeting | None:
        start = instant_at("startsAt", starts_at)
        if start > now + _FURTHEST:
            return None
        found = await meetings_between(self._meetings, student_id, start, start + _MOMENT)
        for each in found:
            is_theirs = (each.teacher_id, each.student_id) == (teacher_id, student_id)
            if is_theirs and not each.is_over:
                return each
        return None

    async def _require_bounds(self, student_id: str, now: datetime) -> None:
        coming = await meetings_between(self._meetings, student_id, now, now + _FURTHEST)
        off = [each for each in coming if each.status is Status.CANCELLED]
        taking_rules.require_patience(off, student_id, now)
        taking_rules.require_few_booked(coming, student_id, self._policy.most_booked)

    def _meeting(self, hours: Hours, slot: Slot, kind: Workspace, actor: Principal) -> Told:
        new = NewMeeting(
            teacher_name=hours.teacher_name,
            student_name=actor.name,
            meet_time=slot.teacher_time,
            frontend_base_url=self._page,
            time_zone=hours.time_zone,
            minutes=hours.minutes,
            workspace=kind,
            teacher_id=hours.teacher_id,
            student_id=actor.account_id,
            exclusive=True,
        )
        now = self._clock.now()
        meeting, changes = scheduling_rules.schedule(
            new, new_id(), self._addresses, actor, now, self._policy
        )
        # whoever creates a meeting manages it; this one's student does by the teacher's rules
        return msgspec.structs.replace(meeting, created_by=None), changes
