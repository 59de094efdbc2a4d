"""Packs what people take home once a meeting is over, and removes it when its time is.

Every step may break off and begin again: a zip is there whole or not at all and overwrites itself,
the sheet and its change are saved once, and a home is forgotten only after that.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import structlog

from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Conflict, NotFound, Unavailable
from quadrangle.kernel.files import LargeFiles
from quadrangle.kernel.jobs import GiveUp, Handler, Job, Jobs, NewJob, RetryLater
from quadrangle.meetings.desktops.model import Machine
from quadrangle.meetings.desktops.ports import DesktopFiles
from quadrangle.meetings.materials.sheets import SheetStore, write
from quadrangle.meetings.model import DesktopState, Meeting, MeetingRole
from quadrangle.meetings.ports import MeetingStore
from quadrangle.meetings.reactions import ENDS
from quadrangle.meetings.take_home import rules
from quadrangle.meetings.take_home.model import Bundle, TakeHome, TakeHomeState

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
        """Pack what the student of a job's meeting takes home, then forget the homes of both.

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
        for home in homes:
            await self._forget(home)

    async def _keep(self, meeting: Meeting, homes: Sequence[Machine], *, is_last: bool) -> None:
        sheet = await self._sheets.get(meeting.meeting_id)
        if sheet.state is not TakeHomeState.NONE:
            return
        mine = [home for home in homes if home.role is MeetingRole.STUDENT]
        bundles: list[Bundle] = []
        lost = _is_missing(meeting, mine)
        for home in sorted(mine, key=lambda each: each.generation):
            try:
                bundle = await self._packed(home)
            except (NotFound, Unavailable) as error:
                if isinstance(error, Unavailable) and not is_last:
                    raise
                log.error("a home cannot be read", machine_id=home.machine_id, cause=repr(error))
                lost = True
                continue
            bundles += [bundle] if bundle.size else []
        now = self._clock.now()
        await write(
            self._sheets,
            meeting.meeting_id,
            lambda known: rules.packed(known, bundles, now, lost=lost),
        )

    async def _packed(self, home: Machine) -> Bundle:
        key = f"take-home/{home.meeting_id}/{home.machine_id}.zip"
        size = await self._files.write(key, self._homes.take_home(home.machine_id), ZIP)
        if not size:
            await self._files.delete(key)
        return Bundle(home.generation, key, size)

    async def _forget(self, home: Machine) -> None:
        try:
            await self._homes.forget(home.machine_id)
        except Conflict as error:  # it runs all the same: it is asked again by `keep_house`
            log.warning("a home stays", machine_id=home.machine_id, cause=error.message)

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
        now = self._clock.now()
        await write(self._sheets, meeting_id, lambda known: rules.removed(known, now))


def _may_be_the_end(change: Change) -> bool:
    return change.kind in ENDS or change.data.get("new") == DesktopState.GONE


def _is_missing(meeting: Meeting, homes: Sequence[Machine]) -> bool:
    """Tell whether the home of the student's last desktop is not there."""
    desktop = meeting.desktop(MeetingRole.STUDENT)
    if desktop is None or desktop.machine_id is None:
        return False
    return desktop.machine_id not in {home.machine_id for home in homes}
