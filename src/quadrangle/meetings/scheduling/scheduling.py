"""Scheduling meetings, and what their teachers do with them afterwards."""

from collections.abc import Callable, Sequence

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal, Role
from quadrangle.meetings import life_rules, tally_rules
from quadrangle.meetings.joining.acting_rules import acting
from quadrangle.meetings.life_rules import Told
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.policy_model import MeetingAddresses, MeetingPolicy, MeetingRights
from quadrangle.meetings.ports import MeetingStore
from quadrangle.meetings.scheduling import rules as scheduling_rules
from quadrangle.meetings.scheduling.claims_model import HourClaim, RoomLimit
from quadrangle.meetings.scheduling.rules import NewMeeting
from quadrangle.meetings.status_rules import decide
from quadrangle.meetings.writing import existing, retrying

ENDED_BY_TEACHER = "The teacher ended it."

ClaimsOf = Callable[[Meeting], Sequence[HourClaim]]


class Caller(msgspec.Struct, frozen=True):
    """Who asks: someone signed in, and the side whose link they hold, if any."""

    principal: Principal
    side: MeetingRole | None = None

    @property
    def actor(self) -> Principal:
        """Return whom records name for what the caller does."""
        return self.principal if self.side is None else acting(self.side, self.principal)


class Scheduling:
    """Makes, moves, extends and ends meetings.

    `limit` bounds how many can have desktops at once; `claims_of` are the hours a meeting takes of
    its teacher.
    """

    def __init__(
        self,
        store: MeetingStore,
        addresses: MeetingAddresses,
        rights: MeetingRights,
        clock: Clock,
        policy: MeetingPolicy,
        limit: Callable[[], RoomLimit | None] = lambda: None,
        claims_of: ClaimsOf = scheduling_rules.own_hour,
    ) -> None:
        self._store = store
        self._addresses = addresses
        self._rights = rights
        self._clock = clock
        self._policy = policy
        self._limit = limit
        self._claims_of = claims_of

    async def schedule(self, new: NewMeeting, actor: Principal) -> Meeting:
        """Save a new meeting and return it.

        Raises NotSignedIn, Forbidden, InvalidInput, Conflict where there is no room, Unavailable.
        """
        scheduling_rules.require_may_schedule(actor, self._rights)
        scheduling_rules.require_own_teacher(new.teacher_id, actor)
        (meeting,) = await self.schedule_all([_of_teacher(new, actor)], actor)
        return meeting

    async def schedule_all(
        self, new: Sequence[NewMeeting], actor: Principal, claims_of: ClaimsOf | None = None
    ) -> list[Meeting]:
        """Save several, all or none; whether `actor` may is the caller's to know.

        `claims_of` takes hours other than teachers usually give. Raises like `schedule`.
        """
        meetings: list[Meeting] = []
        changes: list[Change] = []
        for each in new:
            meeting, told = self._decided_new(each, actor)
            meetings.append(meeting)
            changes += told
        hours = claims_of or self._claims_of
        claims = {each.meeting_id: hours(each) for each in meetings}
        await self._store.add(meetings, changes, claims, self._limit())
        return meetings

    def _decided_new(self, new: NewMeeting, actor: Principal) -> Told:
        now = self._clock.now()
        return scheduling_rules.schedule(new, new_id(), self._addresses, actor, now, self._policy)

    async def move(
        self,
        meeting_id: str,
        caller: Caller,
        meet_time: str,
        time_zone: str | None = None,
        minutes: int | None = None,
        version: int | None = None,
    ) -> Meeting:
        """Have a meeting at another time and return it.

        With `version`, raises Conflict when it was written since. Raises NotSignedIn, Forbidden,
        NotFound, InvalidInput, Conflict, Gone, TooManyRequests, Unavailable.
        """

        def act(meeting: Meeting) -> Told:
            now = self._clock.now()
            to, length = scheduling_rules.new_time(
                meet_time, time_zone, minutes, meeting, now, self._policy
            )
            counted = tally_rules.changed(meeting, now, self._policy)
            return life_rules.move(counted, to, length, caller.actor, now, self._policy)

        return await self._write(meeting_id, caller, act, version, takes_hours=True)

    async def cancel(self, meeting_id: str, caller: Caller) -> Meeting:
        """Take a meeting off. Raises NotSignedIn, Forbidden, NotFound, Conflict, Gone."""
        return await self._write(
            meeting_id,
            caller,
            lambda m: life_rules.cancel(m, caller.actor, self._clock.now(), self._policy),
        )

    async def end(self, meeting_id: str, caller: Caller, reason: str = ENDED_BY_TEACHER) -> Meeting:
        """End a meeting that is in progress. Raises like `cancel`."""
        return await self._write(
            meeting_id,
            caller,
            lambda m: life_rules.end(m, reason, caller.actor, self._clock.now(), self._policy),
        )

    async def extend(self, meeting_id: str, caller: Caller, minutes: int) -> Meeting:
        """Give a meeting more time. Raises like `cancel`, and InvalidInput."""

        def act(meeting: Meeting) -> Told:
            now = self._clock.now()
            return life_rules.extend(meeting, minutes, caller.actor, now, self._policy)

        return await self._write(meeting_id, caller, act, takes_hours=True)

    async def renew_links(self, meeting_id: str, caller: Caller) -> Meeting:
        """Have both links of a meeting end and others take their place. Raises like `cancel`, and
        Forbidden for who only holds the link of a teacher with an account."""

        def act(meeting: Meeting) -> Told:
            scheduling_rules.require_may_renew(meeting, caller.principal)
            now = self._clock.now()
            return life_rules.renew_links(meeting, caller.actor, now, self._policy)

        return await self._write(meeting_id, caller, act)

    async def retry(self, meeting_id: str, caller: Caller, role: MeetingRole) -> Meeting:
        """Have a side's desktop made anew. Raises like `cancel`."""

        def act(meeting: Meeting) -> Told:
            now = self._clock.now()
            return life_rules.retry(meeting, role, caller.actor, now, self._policy)

        return await self._write(meeting_id, caller, act)

    async def _write(
        self,
        meeting_id: str,
        caller: Caller,
        act: Callable[[Meeting], Told],
        version: int | None = None,
        *,
        takes_hours: bool = False,
    ) -> Meeting:
        async def attempt() -> Meeting:
            meeting = await existing(self._store, meeting_id)
            scheduling_rules.require_may_manage(meeting, caller.side, caller.principal)
            if version is not None and version != meeting.version:
                raise Conflict()
            changed, told = act(meeting)
            now = self._clock.now()
            decided, changes = decide(meeting, changed, told, caller.actor, now, self._policy)
            if changes:
                claims = self._claims_of(decided) if takes_hours else None
                limit = self._limit() if takes_hours else None
                await self._store.save(decided, changes, claims, limit)
            return decided

        return await (attempt() if version is not None else retrying(attempt))


def _of_teacher(new: NewMeeting, actor: Principal) -> NewMeeting:
    """A teacher who names no other account schedules a meeting of their own."""
    if new.teacher_id is not None or actor.role is not Role.TEACHER or actor.account_id is None:
        return new
    return msgspec.structs.replace(new, teacher_id=actor.account_id)
