"""What happens when a meeting changed: its schedules are put, moved and taken back.

Never in the meeting's own transaction. Each may be called again, late or out of order: it reads
the meeting as it is, and once more after it has put something.
"""

from datetime import datetime

from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.jobs import Jobs, NewJob
from quadrangle.meetings.model import DesktopState, Meeting, Workspace
from quadrangle.meetings.policy import MeetingPolicy
from quadrangle.meetings.ports import LaunchTimes, MeetingStore
from quadrangle.meetings.watching import (
    LAUNCH,
    SAFETY_NET,
    launch_name,
    safety_net_name,
    settle_job,
)
from quadrangle.meetings.window_rules import expires_at, launch_at

ENDS = frozenset({"meeting.ended", "meeting.cancelled", "meeting.expired", "meeting.failed"})
# After these a meeting's schedules are others than before.
_TIMES = frozenset({"meeting.scheduled", "meeting.moved"}) | ENDS
# After these there is something to do at once.
_NOW = frozenset({"meeting.moved", "meeting.came-late", "meeting.retried"}) | ENDS


class MeetingReactions:
    """The reactions of the meeting service to its own changes."""

    def __init__(
        self, store: MeetingStore, jobs: Jobs, launch_times: LaunchTimes, policy: MeetingPolicy
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._launch_times = launch_times
        self._policy = policy

    def all(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        return [
            Reaction("meetings.follow-times", _TIMES | _NOW, self.follow_times),
            Reaction(
                "meetings.learn-launch", frozenset({"meeting.desktop"}), self.learn, _took_time
            ),
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


def _took_time(change: Change) -> bool:
    reached = change.data.get("new") == DesktopState.HEALTHY
    return reached and change.data.get("old") != DesktopState.HEALTHY
