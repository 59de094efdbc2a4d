"""A student takes an hour that a teacher has open."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import NotSignedIn
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.booking import taking_rules
from quadrangle.meetings.booking.claiming import Claiming
from quadrangle.meetings.booking.finding import published_hours
from quadrangle.meetings.booking.model import Hours, Slot
from quadrangle.meetings.booking.ports import HoursStore
from quadrangle.meetings.life_rules import Told
from quadrangle.meetings.model import Meeting, Status, Workspace
from quadrangle.meetings.policy_model import MeetingAddresses, MeetingPolicy
from quadrangle.meetings.ports import MeetingQuery, MeetingStore, People
from quadrangle.meetings.scheduling import rules as scheduling_rules
from quadrangle.meetings.scheduling.claims_model import HourClaim, RoomLimit
from quadrangle.meetings.scheduling.rules import NewMeeting


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
        """Make a meeting of the hour that begins at an instant, and return it.

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
        await self._require_patience(student_id, now)
        slot = await self._claiming.open_slot(hours, starts_at, student_id, now)
        meeting, changes = self._meeting(hours, slot, kind, actor)

        async def write(claims: Sequence[HourClaim]) -> None:
            await self._meetings.add(
                [meeting], changes, {meeting.meeting_id: claims}, self._limit()
            )

        await self._claiming.take(hours, slot, student_id, write)
        return meeting

    async def _require_patience(self, student_id: str, now: datetime) -> None:
        off = MeetingQuery(person_id=student_id, status=Status.CANCELLED, first=to_text(now))
        page = await self._meetings.page(off, 2 * taking_rules.MOST_GIVEN_BACK, None)
        taking_rules.require_patience(page.items, now)

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
