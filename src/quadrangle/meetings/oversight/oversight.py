"""What staff sees of the meetings that run, and does for those that are stuck."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Forbidden
from quadrangle.kernel.page import Page
from quadrangle.kernel.principal import Principal, require_staff
from quadrangle.meetings import life_rules
from quadrangle.meetings.desktops.ports import Capacity
from quadrangle.meetings.life_rules import Told
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.oversight import rules
from quadrangle.meetings.oversight.model import MeetingUse, Overview, Span
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.ports import MeetingQuery, MeetingStore, ReapLog
from quadrangle.meetings.scheduling import rules as scheduling_rules
from quadrangle.meetings.status_rules import decide
from quadrangle.meetings.writing import existing, retrying

LATELY_DAYS = 7
REAPED_SHOWN = 20
_PAGE = 200


class Oversight:
    """For staff, and API keys that may manage meetings. Raises Unavailable."""

    def __init__(
        self,
        store: MeetingStore,
        reaped: ReapLog,
        capacity: Callable[[], Capacity],
        clock: Clock,
        policy: MeetingPolicy,
    ) -> None:
        self._store = store
        self._reaped = reaped
        self._capacity = capacity
        self._clock = clock
        self._policy = policy

    async def overview(self, actor: Principal) -> Overview:
        """Return how it stands now. Raises NotSignedIn, Forbidden."""
        _require_overseer(actor)
        now = self._clock.now()
        capacity = self._capacity()
        active = [self._use(each, now) async for each in self._store.unsettled(to_text(now))]
        return Overview(
            at=to_text(now),
            most=capacity.desktops,
            why=capacity.why,
            active=tuple(sorted(active, key=lambda use: (not use.stuck, use.meeting.meet_time))),
            reaped=tuple(await self._reaped.recent(REAPED_SHOWN)),
            lately=await self._lately(now),
        )

    async def history(self, limit: int, cursor: str | None, actor: Principal) -> Page[MeetingUse]:
        """Return the meetings that have begun, the last first, and what their desktops ran for.

        Raises NotSignedIn, Forbidden, InvalidInput for a cursor.
        """
        _require_overseer(actor)
        now = self._clock.now()
        query = MeetingQuery(last=to_text(now), newest_first=True)
        page = await self._store.page(query, limit, cursor)
        return Page([self._use(each, now) for each in page.items], page.next_cursor)

    async def retry(
        self, meeting_id: str, role: MeetingRole | None, actor: Principal
    ) -> MeetingUse:
        """Have a side's desktop made anew, or without one have the meeting looked at again.

        Raises NotSignedIn, Forbidden, NotFound, and Gone where nothing is left to do.
        """

        def act(meeting: Meeting, now: datetime) -> Told:
            if role is None:
                return life_rules.look_again(meeting, actor, now)
            return life_rules.retry(meeting, role, actor, now, self._policy)

        return await self._write(meeting_id, act, actor)

    async def force_end(self, meeting_id: str, reason: str, actor: Principal) -> MeetingUse:
        """Have a meeting over, whatever it is at. Raises like `retry`, and InvalidInput."""
        words = life_rules.forced_reason(reason)
        return await self._write(
            meeting_id, lambda meeting, now: life_rules.force_end(meeting, words, actor, now), actor
        )

    async def _write(
        self, meeting_id: str, act: Callable[[Meeting, datetime], Told], actor: Principal
    ) -> MeetingUse:
        _require_overseer(actor)

        async def attempt() -> MeetingUse:
            meeting, now = await existing(self._store, meeting_id), self._clock.now()
            changed, told = act(meeting, now)
            decided, changes = _decided(meeting, changed, told, actor, now, self._policy)
            await self._store.save(decided, changes)
            return self._use(decided, now)

        return await retrying(attempt)

    async def _lately(self, now: datetime) -> Span:
        first = to_text(now - timedelta(days=LATELY_DAYS))
        query, cursor = MeetingQuery(first=first, last=to_text(now)), None
        meetings, hours = 0, 0.0
        while True:
            page = await self._store.page(query, _PAGE, cursor)
            used = [use.hours for each in page.items if (use := self._use(each, now)).hours]
            meetings, hours, cursor = meetings + len(used), hours + sum(used), page.next_cursor
            if cursor is None:
                return Span(LATELY_DAYS, meetings, hours)

    def _use(self, meeting: Meeting, now: datetime) -> MeetingUse:
        return rules.use_of(meeting, now, self._policy)


def _require_overseer(actor: Principal) -> None:
    require_staff(actor)
    if not scheduling_rules.sees_all(actor):
        raise Forbidden("This key may not manage meetings.")


def _decided(
    before: Meeting,
    after: Meeting,
    told: Sequence[Change],
    actor: Principal,
    now: datetime,
    policy: MeetingPolicy,
) -> Told:
    """Return what is saved: where only a look is asked for, the record of that alone."""
    if after == before:
        return msgspec.structs.replace(before, version=before.version + 1), list(told)
    return decide(before, after, told, actor, now, policy)
