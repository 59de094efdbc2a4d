"""Handing files out: the teacher puts them in, both see what there is."""

import structlog

from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Conflict, Forbidden
from quadrangle.kernel.files import Files
from quadrangle.kernel.ids import new_id
from quadrangle.meetings.handouts import rules
from quadrangle.meetings.handouts.model import Handout, HandoutLimits, Handouts
from quadrangle.meetings.joining.rules import person
from quadrangle.meetings.materials.sheets import SheetStore, write
from quadrangle.meetings.model import Meeting, MeetingRole

log = structlog.get_logger(__name__)


def key_of(meeting_id: str, file_id: str) -> str:
    """Return where the content of a file is kept."""
    return f"handouts/{meeting_id}/{file_id}"


class HandingOut:
    """Every verb raises Unavailable, and Conflict when others write all the time."""

    def __init__(
        self, sheets: SheetStore[Handouts], files: Files, clock: Clock, limits: HandoutLimits
    ) -> None:
        self._sheets = sheets
        self._files = files
        self._clock = clock
        self.limits = limits

    async def show(self, meeting: Meeting) -> Handouts:
        """Return the files of a meeting."""
        return await self._sheets.get(meeting.meeting_id)

    async def add(self, meeting: Meeting, side: MeetingRole, name: str, content: bytes) -> Handouts:
        """Take a file in, for both desktops.

        Its content is deleted again when it was surely not taken in; after any other failure it
        may have been, so it stays: a content too many is no harm. Raises Forbidden, InvalidInput,
        TooLarge, Conflict.
        """
        _require_teacher(side)
        plain = rules.checked_name(name)
        rules.require_size(len(content), self.limits)
        rules.require_room(await self.show(meeting), plain, self.limits)
        at = to_text(self._clock.now())
        handout = Handout(new_id(), plain, len(content), at)
        key = key_of(meeting.meeting_id, handout.file_id)
        await self._files.write(key, content)
        try:
            return await write(
                self._sheets,
                meeting.meeting_id,
                lambda sheet: rules.add(
                    sheet, handout, meeting, self.limits, person(meeting, side)
                ),
            )
        except Conflict:
            await self._files.delete(key)
            raise
        except BaseException:
            log.warning("the content of a file is kept", key=key)
            raise

    async def remove(self, meeting: Meeting, side: MeetingRole, file_id: str) -> Handouts:
        """Take a file away that lies on no desktop yet. Raises Forbidden, NotFound, Conflict."""
        _require_teacher(side)
        now = self._clock.now()
        sheet = await write(
            self._sheets,
            meeting.meeting_id,
            lambda known: rules.remove(known, file_id, meeting, person(meeting, side), now),
        )
        await self._files.delete(key_of(meeting.meeting_id, file_id))
        return sheet


def _require_teacher(side: MeetingRole) -> None:
    if side is not MeetingRole.TEACHER:
        raise Forbidden("Files are handed out by the teacher of the meeting.")
