"""Looking meetings up: one's own, or all of them for staff."""

import msgspec

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import NotFound, NotSignedIn
from quadrangle.kernel.page import Page
from quadrangle.kernel.principal import Principal, require_staff
from quadrangle.meetings.joining.acting_rules import account_of
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.ports import MeetingQuery, MeetingStore, PresenceStore
from quadrangle.meetings.presence import rules as presence_rules
from quadrangle.meetings.presence.rules import Attendance
from quadrangle.meetings.scheduling import rules as scheduling_rules
from quadrangle.meetings.scheduling.scheduling import Caller
from quadrangle.meetings.writing import existing


class Reading:
    """Answers who may know."""

    def __init__(
        self, store: MeetingStore, presence: PresenceStore, clock: Clock, policy: MeetingPolicy
    ) -> None:
        self._store = store
        self._presence = presence
        self._clock = clock
        self._policy = policy

    async def page(
        self, query: MeetingQuery, limit: int, cursor: str | None, actor: Principal
    ) -> Page[Meeting]:
        """Return meetings in order of their start: all that the query asks for to staff, of these
        one's own to everyone else. Raises NotSignedIn, InvalidInput, Unavailable."""
        if not scheduling_rules.sees_all(actor):
            if actor.account_id is None:
                raise NotSignedIn()
            query = msgspec.structs.replace(query, person_id=actor.account_id)
        return await self._store.page(query, limit, cursor)

    async def mine(
        self, query: MeetingQuery, limit: int, cursor: str | None, actor: Principal
    ) -> Page[Meeting]:
        """Return a page of the meetings that someone has. Raises InvalidInput for a cursor."""
        if actor.account_id is None:
            raise NotSignedIn("Please sign in with your account to see your meetings.")
        own = msgspec.structs.replace(query, person_id=actor.account_id)
        return await self._store.page(own, limit, cursor)

    async def all(
        self, query: MeetingQuery, limit: int, cursor: str | None, actor: Principal
    ) -> Page[Meeting]:
        """Return a page of everyone's. Raises Forbidden, InvalidInput for a cursor."""
        require_staff(actor)
        return await self._store.page(query, limit, cursor)

    async def whole(self, meeting_id: str, actor: Principal) -> tuple[Meeting, list[Attendance]]:
        """Return a meeting of someone's, and when each side was there; the student hears that of
        their own side. Staff may see all.

        Raises NotSignedIn, NotFound, Unavailable.
        """
        if actor.role is None:
            raise NotSignedIn()
        meeting = await self.get(meeting_id, Caller(actor))
        connections = await self._presence.of_meeting(meeting_id)
        now = self._clock.now()
        attended = presence_rules.attendance(meeting, connections, now, self._policy)
        teaches = actor.is_staff or _made(meeting, actor)
        side = None if teaches else MeetingRole.STUDENT
        return meeting, presence_rules.seen_by(attended, side)

    async def get(self, meeting_id: str, caller: Caller) -> Meeting:
        """Return a meeting. Raises NotFound where there is none for the caller, Unavailable."""
        meeting = await existing(self._store, meeting_id)
        if caller.side is None and not scheduling_rules.may_see(meeting, caller.principal):
            raise NotFound("Meeting not found")
        return meeting

    async def attendance(self, meeting_id: str, caller: Caller) -> list[Attendance]:
        """Return when each side was there, for those who manage the meeting.

        Raises NotSignedIn, Forbidden, NotFound, Unavailable.
        """
        meeting = await existing(self._store, meeting_id)
        scheduling_rules.require_may_manage(meeting, caller.side, caller.principal)
        connections = await self._presence.of_meeting(meeting_id)
        return presence_rules.attendance(meeting, connections, self._clock.now(), self._policy)


def sides_shown(
    meeting: Meeting, actor: Principal, *, just_made: bool = False
) -> list[MeetingRole]:
    """Return the sides whose links someone may have: of an account that account alone. What is
    nobody's account is handed on: by the teacher and who made the meeting, and by who had its links
    made just now."""
    hands_on = just_made or _made(meeting, actor)
    return [side for side in MeetingRole if _is_shown(account_of(meeting, side), actor, hands_on)]


def _made(meeting: Meeting, actor: Principal) -> bool:
    makers = (meeting.teacher_id, meeting.created_by)
    return actor.account_id is not None and actor.account_id in makers


def _is_shown(account_id: str | None, actor: Principal, hands_on: bool) -> bool:
    return hands_on if account_id is None else account_id == actor.account_id
