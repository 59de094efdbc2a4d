"""Puts handed-out files on desktops as they come up, and deletes them a while after it."""

import structlog

from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound, TooLarge
from quadrangle.kernel.files import FileMissing, Files
from quadrangle.kernel.jobs import GiveUp, Handler, Job, Jobs, NewJob
from quadrangle.meetings.desktops.ports import DesktopFiles
from quadrangle.meetings.handouts import rules
from quadrangle.meetings.handouts.handing_out import key_of
from quadrangle.meetings.handouts.model import Handout, Handouts, Placed
from quadrangle.meetings.materials.keeping_rules import kept_until
from quadrangle.meetings.materials.sheets import SheetStore, write
from quadrangle.meetings.model import DesktopState
from quadrangle.meetings.ports import MeetingStore
from quadrangle.meetings.reactions import ENDS

log = structlog.get_logger(__name__)

DELIVER = "meetings.deliver"
CLEAR = "meetings.clear-files"
_AT_ONCE = 100
NOT_KEPT = "This file is not kept any more. Please put it in again."


class Delivering:
    """Brings what is handed out and what lies on the desktops together, however it is woken."""

    def __init__(
        self,
        meetings: MeetingStore,
        sheets: SheetStore[Handouts],
        files: Files,
        homes: DesktopFiles,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._meetings = meetings
        self._sheets = sheets
        self._files = files
        self._homes = homes
        self._jobs = jobs
        self._clock = clock

    def reactions(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        kinds = frozenset({"meeting.desktop", rules.FILE_ADDED})
        return [
            Reaction("meetings.deliver-files", kinds, self.follow, _asks_for_files),
            Reaction("meetings.clear-files", ENDS, self.follow_end),
        ]

    def handlers(self) -> dict[str, Handler]:
        """Return what handles the jobs."""
        return {DELIVER: self.deliver, CLEAR: self.clear}

    async def follow(self, change: Change) -> None:
        """Have files put where they are missing."""
        payload = {"meeting_id": change.subject}
        await self._jobs.put(NewJob(DELIVER, payload, name=f"deliver-{change.subject}"))

    async def follow_end(self, change: Change) -> None:
        """Have the files of a meeting that is over deleted, once they were kept for their time."""
        payload = {"meeting_id": change.subject}
        await self._jobs.put(NewJob(CLEAR, payload, name=f"clear-{change.subject}"))

    async def deliver(self, job: Job) -> None:
        """Put every file on every desktop that has not had it. Raises Unavailable."""
        meeting_id = _meeting_of(job)
        meeting = await self._meetings.get(meeting_id)
        if meeting is None:
            return
        sheet = await self._sheets.get(meeting_id)
        for handout, role, machine_id in rules.missing(sheet, meeting):
            try:
                problem = await self._put(meeting_id, handout, machine_id)
            except NotFound:  # the desktop went: the next one is given it
                continue
            placed = Placed(role, machine_id, problem)
            await self._note(meeting_id, handout.file_id, placed)

    async def _put(self, meeting_id: str, handout: Handout, machine_id: str) -> str | None:
        """Put a file on a machine; return why that can never be, None when it was."""
        try:
            content = await self._files.read(key_of(meeting_id, handout.file_id))
            await self._homes.put_file(machine_id, handout.name, content)
        except FileMissing:
            return NOT_KEPT
        except (InvalidInput, TooLarge, Conflict) as error:
            log.info("a file was not put on a desktop", machine_id=machine_id, cause=error.message)
            return error.message
        return None

    async def _note(self, meeting_id: str, file_id: str, placed: Placed) -> None:
        now = self._clock.now()
        await write(
            self._sheets, meeting_id, lambda sheet: rules.place(sheet, file_id, placed, now)
        )

    async def clear(self, job: Job) -> None:
        """Delete the files of a meeting that is over, or have that done when their time is.
        Raises Unavailable."""
        meeting_id = _meeting_of(job)
        meeting = await self._meetings.get(meeting_id)
        until = None if meeting is None else kept_until(meeting)
        if until is None or self._clock.now() >= until:
            return await self._delete(meeting_id)
        await write(self._sheets, meeting_id, lambda known: rules.keep_until(known, until))

    async def clear_due(self) -> None:
        """Delete the files of every meeting whose time is over. Raises Unavailable."""
        for meeting_id in await self._sheets.due(to_text(self._clock.now()), _AT_ONCE):
            await self._delete(meeting_id)

    async def _delete(self, meeting_id: str) -> None:
        sheet = await self._sheets.get(meeting_id)
        for handout in sheet.files:
            await self._files.delete(key_of(meeting_id, handout.file_id))
        gone = {handout.file_id for handout in sheet.files}
        await write(self._sheets, meeting_id, lambda known: rules.clear(known, gone))


def _meeting_of(job: Job) -> str:
    meeting_id = job.payload.get("meeting_id")
    if not isinstance(meeting_id, str):
        raise GiveUp("The payload of this job names no meeting.")
    return meeting_id


def _asks_for_files(change: Change) -> bool:
    return change.kind == rules.FILE_ADDED or change.data.get("new") == DesktopState.HEALTHY
