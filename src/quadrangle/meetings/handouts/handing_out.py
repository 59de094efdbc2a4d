"""Handing files out: the teacher puts them in, both see what there is."""

from collections.abc import AsyncIterator
from datetime import timedelta

import structlog

from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Conflict, Forbidden, NotFound
from quadrangle.kernel.files import LargeFiles
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import ANYONE, Principal
from quadrangle.meetings.handouts import rules
from quadrangle.meetings.handouts.model import Announced, Handout, HandoutLimits, Handouts
from quadrangle.meetings.handouts.ports import Arrivals
from quadrangle.meetings.handouts.receiving import Receptions, bounded
from quadrangle.meetings.joining.acting_rules import acting
from quadrangle.meetings.materials.sheets import SheetStore, write
from quadrangle.meetings.model import Meeting, MeetingRole

log = structlog.get_logger(__name__)

LIFE = timedelta(minutes=10)  # of an address that a file is sent to
NOT_HERE = "This file has not arrived. Please put it in again."


def key_of(meeting_id: str, file_id: str) -> str:
    """Return where the content of a file is kept."""
    return f"handouts/{meeting_id}/{file_id}"


class HandingOut:
    """Every verb raises Unavailable, and Conflict when others write all the time."""

    def __init__(
        self,
        sheets: SheetStore[Handouts],
        files: LargeFiles,
        clock: Clock,
        limits: HandoutLimits,
        arrivals: Arrivals | None = None,
    ) -> None:
        """`arrivals` take contents in where a call cannot: then `announce` begins."""
        self._sheets = sheets
        self._files = files
        self._clock = clock
        self._arrivals = arrivals
        self.limits = limits
        self._receptions = Receptions()

    @property
    def are_announced(self) -> bool:
        """Tell whether contents are sent to addresses of their own."""
        return self._arrivals is not None

    async def show(self, meeting: Meeting) -> Handouts:
        """Return the files of a meeting."""
        return rules.kept(await self._sheets.get(meeting.meeting_id), self._clock.now())

    async def find(self, meeting_id: str, file_id: str) -> Handout:
        """Return one of them. Raises NotFound, Gone once its time is over."""
        return rules.find_kept(await self._sheets.get(meeting_id), file_id, self._clock.now())

    async def add(
        self,
        meeting: Meeting,
        side: MeetingRole,
        name: str,
        content: AsyncIterator[bytes],
        announced: int | None = None,
        who: Principal = ANYONE,
    ) -> Handouts:
        """Take a file in, for both desktops. Nothing of it is read before it is known that it may
        come; `announced` is how large it says it is.

        Its content is deleted again when it was surely not taken in; after any other failure it
        may have been, so it stays: a content too many is no harm. Raises Forbidden, InvalidInput,
        TooLarge, Conflict, TooManyRequests.
        """
        _require_teacher(side)
        plain = rules.checked_name(name)
        if announced is not None:
            rules.require_size(announced, self.limits)
        rules.require_room(await self.show(meeting), plain, self.limits)
        file_id = new_id()
        key = key_of(meeting.meeting_id, file_id)
        with self._receptions.of(meeting.meeting_id):
            size = await self._files.write(key, bounded(content, self.limits))
        handout = Handout(file_id, plain, size, to_text(self._clock.now()))
        return await self._take_in(meeting, side, handout, who)

    async def announce(
        self, meeting: Meeting, side: MeetingRole, name: str, size: int
    ) -> Announced:
        """Return where the content of a file of `size` bytes is to be sent. Raises as `add`."""
        _require_teacher(side)
        plain = rules.checked_name(name)
        rules.require_size(size, self.limits)
        rules.require_room(await self.show(meeting), plain, self.limits)
        file_id = new_id()
        key = key_of(meeting.meeting_id, file_id)
        address = await self._arriving.address(key, size, LIFE)
        return Announced(file_id, address, to_text(self._clock.now() + LIFE))

    async def take_in(
        self,
        meeting: Meeting,
        side: MeetingRole,
        file_id: str,
        name: str,
        who: Principal = ANYONE,
    ) -> Handouts:
        """Take in what was announced, once it was sent; safe to repeat. Raises as `add`, and
        Conflict where nothing has come."""
        _require_teacher(side)
        plain = rules.checked_name(name)
        sheet = await self.show(meeting)
        if any(each.file_id == file_id for each in sheet.files):
            return sheet
        size = await self._arriving.keep(key_of(meeting.meeting_id, file_id))
        if size is None:
            raise Conflict(NOT_HERE)
        rules.require_size(size, self.limits)
        handout = Handout(file_id, plain, size, to_text(self._clock.now()))
        return await self._take_in(meeting, side, handout, who)

    @property
    def _arriving(self) -> Arrivals:
        if self._arrivals is None:
            raise NotFound("Files are put in with the call itself here.")
        return self._arrivals

    async def _take_in(
        self, meeting: Meeting, side: MeetingRole, handout: Handout, who: Principal
    ) -> Handouts:
        key = key_of(meeting.meeting_id, handout.file_id)
        try:
            return await write(
                self._sheets,
                meeting.meeting_id,
                lambda sheet: rules.add(sheet, handout, meeting, self.limits, acting(side, who)),
            )
        except Conflict:
            await self._files.delete(key)
            raise
        except BaseException:
            log.warning("the content of a file is kept", key=key)
            raise

    async def remove(
        self, meeting: Meeting, side: MeetingRole, file_id: str, who: Principal = ANYONE
    ) -> Handouts:
        """Take a file away that lies on no desktop yet. Raises Forbidden, NotFound, Conflict."""
        _require_teacher(side)
        now = self._clock.now()
        sheet = await write(
            self._sheets,
            meeting.meeting_id,
            lambda known: rules.remove(known, file_id, meeting, acting(side, who), now),
        )
        await self._files.delete(key_of(meeting.meeting_id, file_id))
        return sheet


def _require_teacher(side: MeetingRole) -> None:
    if side is not MeetingRole.TEACHER:
        raise Forbidden("Files are handed out by the teacher of the meeting.")
