"""What wakes the reconciler: schedules, events of the provider, and a sweep in case they got lost.

None of them is believed: each only has a meeting looked at. Waking twice, late or for nothing
changes nothing.
"""

from datetime import datetime, timedelta

from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.jobs import GiveUp, Handler, Job, Jobs, NewJob
from quadrangle.meetings.desktops.ports import Desktops
from quadrangle.meetings.ports import MeetingStore
from quadrangle.meetings.settling.reaping import Reaper
from quadrangle.meetings.settling.reconciling import Reconciler, Settled

LAUNCH = "meetings.launch"
SAFETY_NET = "meetings.safety-net"
SETTLE = "meetings.settle"
SWEEP = "meetings.sweep"
SWEEP_EVERY = timedelta(minutes=1)


def launch_name(meeting_id: str) -> str:
    """Return what the schedule of a launch is called."""
    return f"launch-{meeting_id}"


def safety_net_name(meeting_id: str) -> str:
    """Return what the schedule of the safety net is called."""
    return f"safety-net-{meeting_id}"


def settle_name(meeting_id: str) -> str:
    """Return what the next look at a meeting is called."""
    return f"settle-{meeting_id}"


def settle_job(meeting_id: str) -> NewJob:
    """Return the job that looks at a meeting now."""
    return NewJob(SETTLE, {"meeting_id": meeting_id}, name=settle_name(meeting_id))


def sweep_job(run_at: datetime | None = None) -> NewJob:
    """Return the job that sweeps, now or later; the host puts the first, each puts the next."""
    return NewJob(SWEEP, {}, run_at, SWEEP)


class Watching:
    """The handlers of the jobs of meetings."""

    def __init__(
        self,
        store: MeetingStore,
        desktops: Desktops,
        reconciler: Reconciler,
        reaper: Reaper,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._desktops = desktops
        self._reconciler = reconciler
        self._reaper = reaper
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        """Return them by function, for the host to register."""
        return {
            LAUNCH: self.look,
            SAFETY_NET: self.look,
            SETTLE: self.look,
            SWEEP: self.sweep,
        }

    async def look(self, job: Job) -> None:
        """Settle the meeting of a job. What is due is for the rules to say: a schedule that fires
        late, or for a meeting that was moved, finds nothing to do."""
        meeting_id = job.payload.get("meeting_id")
        if not isinstance(meeting_id, str):
            raise GiveUp("The payload of this job names no meeting.")
        await self.settle(meeting_id)

    async def settle(self, meeting_id: str) -> None:
        """Settle a meeting and have it looked at again when that is due. Raises Unavailable."""
        settled = await self._reconciler.settle(meeting_id)
        if settled is not None and settled.look_at is not None:
            await self._look_again(meeting_id, settled)

    async def _look_again(self, meeting_id: str, settled: Settled) -> None:
        """Put the next look, unless the meeting changed meanwhile: then at once, as ours may have
        taken the place of the look that this change asked for."""
        later = NewJob(SETTLE, {"meeting_id": meeting_id}, settled.look_at, settle_name(meeting_id))
        await self._jobs.put(later)
        meeting = await self._store.get(meeting_id)
        if meeting is not None and meeting.version != settled.version:
            await self._jobs.put(settle_job(meeting_id))

    async def machine_changed(self, machine_id: str) -> None:
        """Settle the meeting of a machine that the provider told something of.

        Whose it is, only the provider's tags say, or our own records once it is gone; a stranger's
        is left alone. Raises Unavailable.
        """
        known = await self._desktops.look_up([machine_id])
        machine = known.get(machine_id)
        if machine is not None:
            await self.settle(machine.meeting_id)
            return
        meeting_id = await self._store.of_machine(machine_id)
        if meeting_id is not None:
            await self.settle(meeting_id)

    async def sweep(self, job: Job) -> None:
        """Have every meeting looked at that is not settled, and end machines that are nobody's."""
        try:
            await self.sweep_once()
        finally:
            await self._jobs.put(sweep_job(self._clock.now() + SWEEP_EVERY))

    async def sweep_once(self) -> None:
        """Sweep without asking for the next. Raises Unavailable."""
        async for meeting in self._store.unsettled(to_text(self._clock.now())):
            await self._jobs.put(settle_job(meeting.meeting_id))
        await self._reaper.reap()
