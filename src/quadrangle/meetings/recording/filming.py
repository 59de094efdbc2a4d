"""Brings what both agreed to and what is filmed together; the only part that films.

Woken by changes, by itself while something goes on, and by a sweep. What is to be done stands on
the sheet before it is done, and every verb is safe to repeat, so it may break off anywhere.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.jobs import GiveUp, Handler, Job, Jobs, NewJob
from quadrangle.meetings.desktops.ports import LaunchRefused
from quadrangle.meetings.desktops.ports import Recordings as Camera
from quadrangle.meetings.materials.sheets import SheetStore, write
from quadrangle.meetings.model import Meeting
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.ports import MeetingStore, People
from quadrangle.meetings.reactions import ENDS
from quadrangle.meetings.recording import filming_rules, rules
from quadrangle.meetings.recording.leaving import has_left
from quadrangle.meetings.recording.limit_rules import (
    RecordingLimits,
    latest_end,
    limit_reached,
    limited,
)
from quadrangle.meetings.recording.model import Recording, Recordings, RecordingState

log = structlog.get_logger(__name__)

FILM = "meetings.film"
FILM_SWEEP = "meetings.film-sweep"
POLL = timedelta(seconds=5)
SWEEP_EVERY = timedelta(minutes=2)
ENDED_FIRST = "The meeting ended before the recording began."
NO_DESKTOP = "The desktop was replaced before the recording began."
_AT_ONCE = 100
_ROUNDS = 10

_WAKING = frozenset({rules.AGREED, rules.STOPPED, rules.DISCARDED}) | ENDS
_Decide = Callable[[Recordings, str, datetime], rules.Told]


class Filming:
    """Films."""

    def __init__(
        self,
        meetings: MeetingStore,
        sheets: SheetStore[Recordings],
        camera: Camera,
        jobs: Jobs,
        clock: Clock,
        limits: RecordingLimits,
        policy: MeetingPolicy,
        people: People,
    ) -> None:
        self._meetings = meetings
        self._sheets = sheets
        self._camera = camera
        self._jobs = jobs
        self._clock = clock
        self._limits = limits
        self._policy = policy
        self._people = people

    def reactions(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        return [Reaction("meetings.film", _WAKING, self.hear)]

    def handlers(self) -> dict[str, Handler]:
        """Return what handles the jobs; the host puts the first FILM_SWEEP."""
        return {FILM: self.film, FILM_SWEEP: self.sweep}

    async def hear(self, change: Change) -> None:
        """Have the recordings of a meeting looked at."""
        await self._jobs.put(_film_job(change.subject))

    async def film(self, job: Job) -> None:
        """Follow the recordings of a job's meeting, and again while something goes on."""
        meeting_id = job.payload.get("meeting_id")
        if not isinstance(meeting_id, str):
            raise GiveUp("The payload of this job names no meeting.")
        if await self.follow(meeting_id):
            await self._jobs.put(_film_job(meeting_id, self._clock.now() + POLL))

    async def sweep(self, job: Job) -> None:
        """Have every meeting looked at in which something is to be done."""
        now = self._clock.now()
        try:
            for meeting_id in await self._sheets.due(to_text(now), _AT_ONCE):
                await self._jobs.put(_film_job(meeting_id))
        finally:
            await self._jobs.put(NewJob(FILM_SWEEP, {}, now + SWEEP_EVERY, FILM_SWEEP))

    async def follow(self, meeting_id: str) -> bool:
        """Do what can be done now; tell whether something goes on. Safe to repeat, and to run
        beside itself. Raises Unavailable."""
        for _ in range(_ROUNDS):
            sheet = await self._sheets.get(meeting_id)
            waiting = filming_rules.unsettled(sheet)
            if not waiting:
                return False
            meeting = await self._meetings.get(meeting_id)
            steps = [await self._step(meeting_id, each, meeting) for each in waiting]
            if not any(steps):
                return True
        return True

    async def _step(self, meeting_id: str, recording: Recording, meeting: Meeting | None) -> bool:
        """Do the next thing for a recording; tell whether anything may have changed."""
        match recording.state:
            case RecordingState.STARTING:
                decide = await self._start(recording, meeting)
            case RecordingState.RUNNING if await self._is_running(recording):
                reason = await self._limit(recording, meeting)
                if reason is None:
                    return False
                decide = _limited(reason)
            case RecordingState.RUNNING:
                decide = await self._over(recording, await self._why_over(recording, meeting))
            case RecordingState.STOPPING if not await self._is_stopped(recording):
                return False
            case RecordingState.STOPPING:
                decide = await self._over(recording, None)
            case _:
                await self._camera.discard(_machine(recording), recording.recording_id)
                decide = filming_rules.removed
        now = self._clock.now()
        await write(
            self._sheets, meeting_id, lambda sheet: decide(sheet, recording.recording_id, now)
        )
        return True

    async def _start(self, recording: Recording, meeting: Meeting | None) -> _Decide:
        if meeting is None or meeting.is_over:
            return _failed(ENDED_FIRST)
        if await has_left(self._people, meeting):
            return _failed(rules.LEFT)
        until = latest_end(meeting, self._clock.now(), self._limits, self._policy)
        try:
            await self._camera.start(_machine(recording), recording.recording_id, until)
        except LaunchRefused as error:
            return _failed(str(error))
        except NotFound:
            return _failed(NO_DESKTOP)
        except Conflict:
            pass  # it was begun and is over already: the next look finds that
        return filming_rules.began

    async def _is_running(self, recording: Recording) -> bool:
        try:
            return await self._camera.is_running(_machine(recording), recording.recording_id)
        except NotFound:
            return False

    async def _is_stopped(self, recording: Recording) -> bool:
        """Stop it; tell whether it surely is, as a start may be under way elsewhere."""
        try:
            await self._camera.stop(_machine(recording), recording.recording_id)
        except NotFound:
            return not filming_rules.may_still_begin(recording, self._clock.now())
        return True

    async def _limit(self, recording: Recording, meeting: Meeting | None) -> str | None:
        if meeting is None or meeting.is_over:
            return None  # its desktop goes, and the recording with it
        if await has_left(self._people, meeting):
            return rules.LEFT
        size, now = await self._size(recording), self._clock.now()
        return limit_reached(meeting, recording, size, now, self._limits, self._policy)

    async def _why_over(self, recording: Recording, meeting: Meeting | None) -> str | None:
        """Say why one that nobody stopped is over: the camera keeps the limits by itself too."""
        if meeting is None or meeting.is_over:
            return None
        return await self._limit(recording, meeting) or filming_rules.BY_ITSELF

    async def _size(self, recording: Recording) -> int:
        try:
            return await self._camera.size(_machine(recording), recording.recording_id)
        except NotFound:
            return 0

    async def _over(self, recording: Recording, reason: str | None) -> _Decide:
        machine_id, recording_id = _machine(recording), recording.recording_id
        size = await self._size(recording)
        if size:
            return lambda sheet, its, now: filming_rules.ready(sheet, its, size, reason, now)
        await self._camera.discard(machine_id, recording_id)
        return _failed(filming_rules.NOTHING_FILMED)


def _failed(reason: str) -> _Decide:
    return lambda sheet, its, now: filming_rules.failed(sheet, its, reason, now)


def _limited(reason: str) -> _Decide:
    return lambda sheet, its, now: limited(sheet, its, reason, now)


def _machine(recording: Recording) -> str:
    if recording.machine_id is None:
        raise GiveUp("A recording that both agreed to names no machine.")
    return recording.machine_id


def _film_job(meeting_id: str, run_at: datetime | None = None) -> NewJob:
    return NewJob(FILM, {"meeting_id": meeting_id}, run_at, f"film-{meeting_id}")
