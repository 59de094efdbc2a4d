"""Joining a meeting by a link: once one's desktop is healthy, else an honest word on how long."""

import msgspec

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.principal import ANYONE, Principal
from quadrangle.meetings.joining import rules as join_rules
from quadrangle.meetings.joining.acting_rules import acting
from quadrangle.meetings.joining.links import Links
from quadrangle.meetings.joining.rules import Stage
from quadrangle.meetings.joining.ticketing import Ticketing
from quadrangle.meetings.life_rules import require_open
from quadrangle.meetings.model import Desktop, Meeting, MeetingRole, Right, Status
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.ports import Doors, LaunchTimes, MeetingStore
from quadrangle.meetings.status_rules import decide
from quadrangle.meetings.writing import TRIES


class WarmingUp(msgspec.Struct, frozen=True):
    """The desktop is not ready; `eta_seconds` is at least 1."""

    status: Status
    stage: Stage
    eta_seconds: int


class Joined(msgspec.Struct, frozen=True):
    """The desktop is ready: where it opens, for one connection within a minute."""

    url: str
    jitsi_url: str
    role: MeetingRole
    status: Status
    websocket: str | None = None


class Joining:
    """Lets people in. Only the pressed button calls it: opening a page changes nothing."""

    def __init__(
        self,
        store: MeetingStore,
        links: Links,
        ticketing: Ticketing,
        doors: Doors,
        launch_times: LaunchTimes,
        clock: Clock,
        policy: MeetingPolicy,
    ) -> None:
        self._store = store
        self._links = links
        self._ticketing = ticketing
        self._doors = doors
        self._launch_times = launch_times
        self._clock = clock
        self._policy = policy

    async def join(
        self, meeting_id: str, role: str, key: str | None, who: Principal = ANYONE
    ) -> WarmingUp | Joined:
        """Join, or join again, which is the same join.

        Without a key it is the account's that is that side. `who` is whoever is signed in.

        Raises InvalidInput for an id, role or key that is wrong, Gone once the meeting is over or
        the link was renewed, Forbidden for somebody else's link, Unavailable.
        """
        for attempt in range(TRIES):
            meeting, side = await self._links.open(meeting_id, role, key, who)
            try:
                return await self._join(meeting, side, who, None if key else who.account_id)
            except Conflict:
                if attempt == TRIES - 1:
                    raise
        raise Conflict()

    async def _join(
        self, meeting: Meeting, side: MeetingRole, who: Principal, account_id: str | None
    ) -> WarmingUp | Joined:
        now = self._clock.now()
        require_open(meeting, now, self._policy)
        enters = join_rules.can_enter(meeting, side)
        act = join_rules.join if enters else join_rules.knock
        joined, told = act(meeting, side, now, who)
        actor = acting(side, who)
        decided, changes = decide(meeting, joined, told, actor, now, self._policy)
        if changes:
            await self._store.save(decided, changes)
        desktop = decided.desktop(side)
        if not enters or desktop is None:
            return await self._warming_up(decided, side)
        return await self._opened(decided, desktop, account_id)

    async def _opened(self, meeting: Meeting, desktop: Desktop, account_id: str | None) -> Joined:
        side = desktop.role
        ticket = await self._ticketing.issue(
            meeting, side, side, Right.CONTROL, account_id=account_id
        )
        opening = self._doors.opening(meeting, desktop, ticket)
        return Joined(
            url=opening.url,
            jitsi_url=meeting.jitsi_url,
            role=side,
            status=Status.IN_PROGRESS,
            websocket=opening.websocket,
        )

    async def _warming_up(self, meeting: Meeting, side: MeetingRole) -> WarmingUp:
        took_s = await self._launch_times.recent(meeting.workspace)
        now = self._clock.now()
        return WarmingUp(
            status=meeting.status,
            stage=join_rules.stage_of(meeting, side, now, self._policy),
            eta_seconds=join_rules.eta_s(meeting, side, took_s, now, self._policy),
        )
