"""What happens when a meeting changed: its schedules are put, moved and taken back; and what
becomes of a member's meetings when their account is closed.

Never in the meeting's own transaction. Each may be called again, late or out of order: it reads
the meeting as it is, and once more after it has put something.
"""

from datetime import datetime

from quadrangle.kernel.change import Change, Reaction, in_parts
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.jobs import Jobs, NewJob
from quadrangle.kernel.principal import SYSTEM
from quadrangle.meetings import life_rules
from quadrangle.meetings.model import DesktopState, Meeting, Workspace
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.ports import LaunchTimes, MeetingQuery, MeetingStore
from quadrangle.meetings.settling.watching import (
    LAUNCH,
    SAFETY_NET,
    launch_name,
    safety_net_name,
    settle_job,
)
from quadrangle.meetings.status_rules import decide
from quadrangle.meetings.window_rules import expires_at, launch_at
from quadrangle.meetings.writing import existing, retrying

FORGOTTEN_AT_ONCE = 25  # some seconds on DynamoDB, where a call has a minute for ten such jobs

ENDS = frozenset({"meeting.ended", "meeting.cancelled", "meeting.expired", "meeting.failed"})
# After these a meeting's schedules are others than before.
_TIMES = frozenset({"meeting.scheduled", "meeting.moved"}) | ENDS
# After these there is something to do at once.
_NOW = frozenset({"meeting.moved", "meeting.came-late", "meeting.retried"}) | ENDS


class MeetingReactions:
    """The reactions of the meeting service to its own changes."""

    def __init__(
        self,
        store: MeetingStore,
        jobs: Jobs,
        launch_times: LaunchTimes,
        clock: Clock,
        policy: MeetingPolicy,
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._launch_times = launch_times
        self._clock = clock
        self._policy = policy

    def all(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        return [
            Reaction("meetings.follow-times", _TIMES | _NOW, self.follow_times),
            Reaction(
                "meetings.learn-launch", frozenset({"meeting.desktop"}), self.learn, _took_time
            ),
            in_parts("meetings.forget-member", frozenset({"account.closed"}), self.forget_member),
        ]

    async def follow_times(self, change: Change) -> None:
        """Have the schedules of a meeting be those it needs, whatever was put before.

        Two of these may run at once, each with what it read: so each looks again until what it put
        is what is needed.
        """
        meeting = await self._store.get(change.subject)
        while meeting is not None:
            await self._put(meeting)
            after = await self._store.get(change.subject)
            if after is None or self._needs(after) == self._needs(meeting):
                break
            meeting = after
        if meeting is not None and change.kind in _NOW:
            await self._jobs.put(settle_job(change.subject))

    async def _put(self, meeting: Meeting) -> None:
        if meeting.is_over:
            await self._jobs.cancel(launch_name(meeting.meeting_id))
            await self._jobs.cancel(safety_net_name(meeting.meeting_id))
            return
        payload = {"meeting_id": meeting.meeting_id}
        launch, net = launch_at(meeting, self._policy), expires_at(meeting, self._policy)
        await self._jobs.put(
            NewJob(LAUNCH, payload, launch, launch_name(meeting.meeting_id)),
            NewJob(SAFETY_NET, payload, net, safety_net_name(meeting.meeting_id)),
        )

    def _needs(self, meeting: Meeting) -> tuple[bool, datetime, datetime]:
        """Return all that the schedules of a meeting follow from."""
        moments = launch_at(meeting, self._policy), expires_at(meeting, self._policy)
        return meeting.is_over, *moments

    async def learn(self, change: Change) -> None:
        """Remember how long a launch took, for those who wait for the next."""
        data = change.data
        key = f"{change.subject}:{data['role']}:{data['generation']}"
        workspace = Workspace(data["workspace"])
        await self._launch_times.add(key, workspace, float(data["launchSeconds"]))

    async def forget_member(self, change: Change, place: str | None) -> str | None:
        """Take the name of a closed account from its meetings; those to come are cancelled.

        It is a part of them (see kernel.change.Part); the place is a cursor.
        """
        query = MeetingQuery(person_id=change.subject)
        page = await self._store.page(query, FORGOTTEN_AT_ONCE, place)
        for meeting in page.items:
            await self._forget(meeting.meeting_id, change.subject)
        return page.next_cursor

    async def _forget(self, meeting_id: str, account_id: str) -> None:
        async def attempt() -> None:
            meeting, now = await existing(self._store, meeting_id), self._clock.now()
            forgotten, told = life_rules.forget(meeting, account_id, now)
            decided, changes = decide(meeting, forgotten, told, SYSTEM, now, self._policy)
            if changes:
                await self._store.save(decided, changes)

        await retrying(attempt)


def _took_time(change: Change) -> bool:
    reached = change.data.get("new") == DesktopState.HEALTHY
    return reached and change.data.get("old") != DesktopState.HEALTHY
