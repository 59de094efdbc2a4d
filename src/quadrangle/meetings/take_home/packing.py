"""Packs what people take home once a meeting is over, and removes it when its time is.

Every step may break off and begin again: a zip is there whole or not at all and overwrites itself,
the sheet and its change are saved once, and a home is forgotten only after that.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Conflict, NotFound, Unavailable
from quadrangle.kernel.files import LargeFiles
from quadrangle.kernel.jobs import GiveUp, Handler, Job, Jobs, NewJob, RetryLater
from quadrangle.meetings.desktops.model import Machine
from quadrangle.meetings.desktops.ports import LEFT_OUT, DesktopFiles
from quadrangle.meetings.materials.sheets import SheetStore, write
from quadrangle.meetings.model import DesktopState, Meeting, MeetingRole
from quadrangle.meetings.ports import MeetingStore
from quadrangle.meetings.reactions import ENDS
from quadrangle.meetings.take_home import rules
from quadrangle.meetings.take_home.model import Bundle, TakeHome, TakeHomeState, Unread

log = structlog.get_logger(__name__)

PACK = "meetings.pack"
KEEP_HOUSE = "meetings.keep-house"
HOUSE_EVERY = timedelta(minutes=10)
ZIP = "application/zip"
LAST_TRY = 5  # a home that cannot be read so often is lost
_SOON = timedelta(seconds=2)
_AT_ONCE = 100


def pack_job(meeting_id: str) -> NewJob:
    """Return the job that packs what is left of a meeting."""
    return NewJob(PACK, {"meeting_id": meeting_id}, name=f"pack-{meeting_id}")


class Packing:
    """What is done with the homes of desktops after a meeting."""

    def __init__(
        self,
        meetings: MeetingStore,
        sheets: SheetStore[TakeHome],
        homes: DesktopFiles,
        files: LargeFiles,
        jobs: Jobs,
        clock: Clock,
        also_due: Sequence[Callable[[], Awaitable[None]]] = (),
    ) -> None:
        """`also_due` remove what else lies around meetings and whose time is over."""
        self._meetings = meetings
        self._sheets = sheets
        self._homes = homes
        self._files = files
        self._jobs = jobs
        self._clock = clock
        self._also_due = also_due

    def reactions(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        kinds = ENDS | {"meeting.desktop"}
        return [Reaction("meetings.pack-at-end", kinds, self.follow_end, _may_be_the_end)]

    def handlers(self) -> dict[str, Handler]:
        """Return them by function; the host puts the first job KEEP_HOUSE, each puts the next."""
        return {PACK: self.pack, KEEP_HOUSE: self.keep_house}

    async def follow_end(self, change: Change) -> None:
        """Have a meeting that ended packed, now or when its desktops have ended too."""
        await self._jobs.put(pack_job(change.subject))

    async def pack(self, job: Job) -> None:
        """Pack what both people of a job's meeting take home, then forget their homes, but for
        those that could not be read: these are kept for staff, as long as what was packed.

        Raises RetryLater while a desktop still ends, Unavailable.
        """
        meeting_id = job.payload.get("meeting_id")
        if not isinstance(meeting_id, str):
            raise GiveUp("The payload of this job names no meeting.")
        meeting = await self._meetings.get(meeting_id)
        if meeting is not None and not meeting.is_over:
            return
        if meeting is not None and not all(each.is_settled for each in meeting.desktops):
            raise RetryLater(_SOON, "Its desktops have not ended yet.")
        homes = [m for m in await self._homes.list_kept() if m.meeting_id == meeting_id]
        if meeting is not None and meeting.joined_at is not None:
            await self._keep(meeting, homes, is_last=job.attempt >= LAST_TRY)
        kept = {each.machine_id for each in (await self._sheets.get(meeting_id)).unread}
        for home in homes:
            if home.machine_id not in kept:
                await self._forget(home.machine_id)

    async def _keep(self, meeting: Meeting, homes: Sequence[Machine], *, is_last: bool) -> None:
        sheet = await self._sheets.get(meeting.meeting_id)
        if sheet.state is not TakeHomeState.NONE:
            return
        found = _Found(partial=_missing(meeting, homes))
        for home in sorted(homes, key=lambda each: (each.role, each.generation)):
            try:
                await self._pack_home(home, found)
            except (NotFound, Unavailable) as error:
                if isinstance(error, Unavailable) and not is_last:
                    raise
                log.error("a home cannot be read", machine_id=home.machine_id, cause=repr(error))
                found.partial.add(home.role)
                if isinstance(error, Unavailable):
                    why = Unread(home.machine_id, home.role, home.generation, error.message)
                    found.unread.append(why)
        now = self._clock.now()
        await write(
            self._sheets,
            meeting.meeting_id,
            lambda known: rules.packed(known, found.bundles, now, found.partial, found.unread),
        )

    async def _pack_home(self, home: Machine, found: "_Found") -> None:
        key = f"take-home/{home.meeting_id}/{home.machine_id}.zip"
        pieces = _Ending(self._homes.take_home(home.machine_id))
        size = await self._files.write(key, pieces.passed(), ZIP)
        if not size:
            await self._files.delete(key)
            return
        found.bundles.append(Bundle(home.generation, key, size, home.role))
        if pieces.end.endswith(LEFT_OUT):
            found.partial.add(home.role)

    async def _forget(self, machine_id: str) -> None:
        try:
            await self._homes.forget(machine_id)
        except Conflict as error:  # it runs all the same: it is asked again by `keep_house`
            log.warning("a home stays", machine_id=machine_id, cause=error.message)

    async def keep_house(self, job: Job) -> None:
        """Remove what was kept long enough, and have homes packed that were left over."""
        try:
            await self.keep_house_once()
        finally:
            await self._jobs.put(
                NewJob(KEEP_HOUSE, {}, self._clock.now() + HOUSE_EVERY, KEEP_HOUSE)
            )

    async def keep_house_once(self) -> None:
        """Keep house without asking for the next time. Raises Unavailable."""
        for meeting_id in await self._sheets.due(to_text(self._clock.now()), _AT_ONCE):
            await self._remove(meeting_id)
        for remove_due in self._also_due:
            await remove_due()
        for meeting_id in sorted({home.meeting_id for home in await self._homes.list_kept()}):
            meeting = await self._meetings.get(meeting_id)
            if meeting is None or meeting.is_over:
                await self._jobs.put(pack_job(meeting_id))

    async def _remove(self, meeting_id: str) -> None:
        sheet = await self._sheets.get(meeting_id)
        for bundle in sheet.bundles:
            await self._files.delete(bundle.key)
        for home in sheet.unread:
            await self._forget(home.machine_id)
        now = self._clock.now()
        await write(self._sheets, meeting_id, lambda known: rules.removed(known, now))


def _may_be_the_end(change: Change) -> bool:
    return change.kind in ENDS or change.data.get("new") == DesktopState.GONE


def _missing(meeting: Meeting, homes: Sequence[Machine]) -> set[MeetingRole]:
    """Return the student's side where the home of their last desktop is not there."""
    desktop = meeting.desktop(MeetingRole.STUDENT)
    if desktop is None or desktop.machine_id is None:
        return set()
    is_there = desktop.machine_id in {home.machine_id for home in homes}
    return set() if is_there else {MeetingRole.STUDENT}


@dataclass
class _Found:
    """What came of the homes of one meeting."""

    partial: set[MeetingRole]
    bundles: list[Bundle] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


class _Ending:
    """Passes the pieces of a zip on and remembers how it ended."""

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces = pieces
        self.end = b""

    async def passed(self) -> AsyncIterator[bytes]:
        async for piece in self._pieces:
            self.end = (self.end + piece)[-len(LEFT_OUT) :]
            yield piece
