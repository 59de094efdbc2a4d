"""The jobs of the function that launches and ends desktops."""

from collections.abc import Mapping

import structlog

from quadrangle.aws.meetings.launch_times import DynamoLaunchTimes
from quadrangle.aws.meetings.presence import DynamoPresenceStore
from quadrangle.aws.meetings.reap_log import DynamoReapLog
from quadrangle.aws.meetings.reap_marks import DynamoReapMarks
from quadrangle.aws.meetings.standing import DynamoStanding, Standing
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.meetings.desktops import MeetingDesktops, desktops_of
from quadrangle.hosts.lambdas.meetings.stores import meeting_store, policy_later, standing_of
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.jobs import GiveUp, Handler, Job, Jobs, RetryPolicy
from quadrangle.meetings.core import BackgroundParts, MeetingBackground
from quadrangle.meetings.settling.watching import SWEEP

log = structlog.get_logger(__name__)

MACHINE = "meetings.machine"  # deploy/aws/meetings.yaml makes such a job of each event of EC2
# A look that failed is made again soon: people wait for what it brings.
LOOK_POLICY = RetryPolicy(max_attempts=8, first_delay_s=1.0, max_delay_s=30.0)


class Reconciliation:
    """The handlers of that function's jobs."""

    def __init__(
        self, parts: FunctionParts, jobs: Jobs, desktops: MeetingDesktops | None = None
    ) -> None:
        self._clock = parts.clock
        self._store = meeting_store(parts)
        self._desktops = desktops or desktops_of(parts)
        self._standing = DynamoStanding(parts.dynamo, parts.tables)
        given = parts.dynamo, parts.tables
        self._background = MeetingBackground(
            BackgroundParts(
                store=self._store,
                presence=DynamoPresenceStore(*given),
                launch_times=DynamoLaunchTimes(*given),
                marks=DynamoReapMarks(*given),
                reaped=DynamoReapLog(*given),
                desktops=self._desktops.desktops,
                routes=self._desktops.routes,
                jobs=jobs,
                clock=parts.clock,
                policy=policy_later(standing_of(parts)),
            )
        )

    def handlers(self) -> Mapping[str, Handler]:
        return {
            **self._background.handlers(),
            SWEEP: self.sweep,
            MACHINE: self.machine_changed,
        }

    async def machine_changed(self, job: Job) -> None:
        """Settle the meeting of a machine; of another's machine there is nothing to do."""
        machine_id = job.payload.get("machine_id")
        if not isinstance(machine_id, str):
            raise GiveUp("The payload of this job names no machine.")
        await self._background.watching.machine_changed(machine_id)

    async def sweep(self, job: Job) -> None:
        """Settle every meeting that is due, here, and end machines that are nobody's.

        What is away for one meeting is away for it alone: the next sweep looks again. Raises
        Unavailable when the store is.
        """
        self._note_standing()
        async for meeting in self._store.unsettled(to_text(self._clock.now())):
            try:
                await self._background.watching.settle(meeting.meeting_id)
            except Unavailable as error:
                cause = repr(error.__cause__ or error)
                log.warning("not settled", meeting=meeting.meeting_id, cause=cause)
        await self._background.reaper.reap()

    def _note_standing(self) -> None:
        try:
            capacity, lead = self._desktops.capacity(), self._desktops.lead_minutes()
        except Unavailable as error:
            log.warning("room for desktops is not known", cause=repr(error.__cause__ or error))
            return
        standing = Standing(capacity.desktops, capacity.why, lead)
        if standing != self._standing.load():
            self._standing.save(standing)
