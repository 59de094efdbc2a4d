"""Carries what lay in the folder Take home of a desktop that was lost over to the next one, whose
home begins empty."""

import structlog

from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.errors import Conflict, NotFound, TooLarge
from quadrangle.kernel.jobs import GiveUp, Handler, Job, Jobs, NewJob
from quadrangle.meetings.desktops.ports import DesktopFiles
from quadrangle.meetings.model import DesktopState, MeetingRole
from quadrangle.meetings.ports import MeetingStore

log = structlog.get_logger(__name__)

CARRY = "meetings.carry"
MOST_BYTES = 64 * 1024 * 1024


class Carrying:
    """Puts a zip of the earlier desktop's folder into the folder Files of the later one."""

    def __init__(self, meetings: MeetingStore, homes: DesktopFiles, jobs: Jobs) -> None:
        self._meetings = meetings
        self._homes = homes
        self._jobs = jobs

    def reactions(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        kinds = frozenset({"meeting.desktop"})
        return [Reaction("meetings.carry-over", kinds, self.follow, _is_replacement)]

    def handlers(self) -> dict[str, Handler]:
        """Return what handles the jobs."""
        return {CARRY: self.carry}

    async def follow(self, change: Change) -> None:
        """Have a desktop that takes another one's place get what that one had."""
        payload = {"meeting_id": change.subject, "role": change.data["role"]}
        name = f"carry-{change.subject}-{change.data['role']}"
        await self._jobs.put(NewJob(CARRY, payload, name=name))

    async def carry(self, job: Job) -> None:
        """Carry over what all earlier desktops of a side left. Raises Unavailable."""
        try:
            meeting_id, role = str(job.payload["meeting_id"]), MeetingRole(job.payload["role"])
        except (KeyError, ValueError) as error:
            raise GiveUp("The payload of this job names no desktop.") from error
        meeting = await self._meetings.get(meeting_id)
        desktop = meeting.desktop(role) if meeting and not meeting.is_over else None
        if desktop is None or desktop.machine_id is None or not desktop.is_living:
            return
        for home in await self._homes.list_kept():
            is_earlier = home.role is role and home.generation < desktop.generation
            if home.meeting_id == meeting_id and is_earlier:
                await self._carry(home.machine_id, home.generation, desktop.machine_id)

    async def _carry(self, earlier: str, generation: int, later: str) -> None:
        try:
            content = await self._content(earlier)
            if content:
                name = f"Take home of desktop {generation}.zip"
                await self._homes.put_file(later, name, content)
        except (Conflict, NotFound, TooLarge) as error:
            # it is still packed when the meeting is over
            log.warning("a folder was not carried over", machine_id=earlier, cause=error.message)

    async def _content(self, machine_id: str) -> bytes:
        pieces, size = [], 0
        async for piece in self._homes.take_home(machine_id):
            pieces.append(piece)
            size += len(piece)
            if size > MOST_BYTES:
                raise TooLarge("There is too much to be carried over while the meeting goes on.")
        return b"".join(pieces)


def _is_replacement(change: Change) -> bool:
    data = change.data
    is_new = data.get("new") == DesktopState.HEALTHY and data.get("old") != DesktopState.HEALTHY
    return is_new and data.get("generation", 1) > 1
