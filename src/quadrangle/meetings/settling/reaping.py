"""Ends machines that are nobody's, by what the provider says is ours, not by what we remember."""

from datetime import datetime

import structlog

from quadrangle.kernel.clock import Clock, from_text, to_text
from quadrangle.kernel.errors import Unavailable
from quadrangle.meetings.desktops.model import Machine
from quadrangle.meetings.desktops.ports import Desktops
from quadrangle.meetings.model import Desktop, DesktopState, Meeting
from quadrangle.meetings.oversight.model import Reaped
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.ports import MeetingStore, ReapLog, ReapMarks

log = structlog.get_logger(__name__)


def is_wanted(machine: Machine, meeting: Meeting | None) -> bool:
    """Tell whether a machine is, or can become, a desktop its meeting wants, or waits for its name
    to be taken off."""
    desktops = meeting.desktops if meeting is not None else ()
    return any(_is_of(machine, desktop) for desktop in desktops)


def _is_of(machine: Machine, desktop: Desktop) -> bool:
    if not desktop.is_living and desktop.state is not DesktopState.DRAINING:
        return False
    if desktop.machine_id is not None:
        return desktop.machine_id == machine.machine_id
    return desktop.attempt is not None and desktop.attempt.token == machine.token


class Reaper:
    """Marks machines that no living meeting wants, and ends them on a later pass."""

    def __init__(
        self,
        store: MeetingStore,
        desktops: Desktops,
        marks: ReapMarks,
        reaped: ReapLog,
        clock: Clock,
        policy: MeetingPolicy,
    ) -> None:
        self._store = store
        self._desktops = desktops
        self._marks = marks
        self._reaped = reaped
        self._clock = clock
        self._policy = policy

    async def reap(self) -> list[str]:
        """Do one pass and return the ids of the machines ended.

        A provider that cannot be asked changes nothing. Raises Unavailable when the store is away,
        having changed nothing either.
        """
        try:
            machines = await self._desktops.list_ours()
        except Unavailable as error:
            log.warning("machines could not be listed", cause=repr(error.__cause__ or error))
            return []
        unwanted = [each for each in machines if not await self._is_wanted(each)]
        before = await self._marks.load()
        now = self._clock.now()
        marks = {each.machine_id: before.get(each.machine_id, to_text(now)) for each in unwanted}
        if marks != before:
            await self._marks.replace(marks)
        due = [each for each in unwanted if self._is_due(before.get(each.machine_id), now)]
        return [each.machine_id for each in due if await self._end(each)]

    async def _is_wanted(self, machine: Machine) -> bool:
        return is_wanted(machine, await self._store.get(machine.meeting_id))

    def _is_due(self, marked_at: str | None, now: datetime) -> bool:
        return marked_at is not None and now >= from_text(marked_at) + self._policy.reap_after

    async def _end(self, machine: Machine) -> bool:
        log.warning(
            "a machine is nobody's and is ended",
            machine_id=machine.machine_id,
            meeting=machine.meeting_id,
            role=machine.role,
        )
        try:
            await self._desktops.terminate(machine.machine_id)
        except Unavailable as error:
            log.warning("it could not be ended", cause=repr(error.__cause__ or error))
            return False
        at = to_text(self._clock.now())
        await self._reaped.add(Reaped(machine.machine_id, machine.meeting_id, machine.role, at))
        return True
