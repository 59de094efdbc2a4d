"""Fetching what was taken home, for seven days: the student's by both, the teacher's by the
teacher."""

from collections.abc import AsyncIterator

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Gone
from quadrangle.kernel.files import FileMissing, LargeFiles
from quadrangle.meetings.materials.sheets import SheetStore
from quadrangle.meetings.model import MeetingRole
from quadrangle.meetings.take_home import rules
from quadrangle.meetings.take_home.model import Bundle, TakeHome


class Fetching:
    """Every verb raises Unavailable."""

    def __init__(self, sheets: SheetStore[TakeHome], files: LargeFiles, clock: Clock) -> None:
        self._sheets = sheets
        self._files = files
        self._clock = clock

    async def show(self, meeting_id: str) -> TakeHome:
        """Return what there is to fetch of a meeting."""
        return await self._sheets.get(meeting_id)

    async def find(
        self, meeting_id: str, name: str, side: MeetingRole = MeetingRole.TEACHER
    ) -> Bundle:
        """Return the zip of one desktop, if it is a side's to have. Raises Gone, NotFound."""
        sheet = await self._sheets.get(meeting_id)
        return rules.bundle_of(sheet, name, self._clock.now(), side)

    async def content(self, key: str) -> AsyncIterator[bytes]:
        """Return the pieces of a file that is kept, the first of them read. Raises Gone."""
        return await _begun(self._files.read(key))


async def _begun(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Read the first piece, so that what is missing is said before an answer begins."""
    try:
        first = await anext(pieces, b"")
    except FileMissing as error:
        raise Gone(rules.OVER) from error

    async def all_of_it() -> AsyncIterator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    return all_of_it()
