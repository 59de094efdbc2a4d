"""Takes the content of a file in as it comes: bounded in size, in time, and in how many at once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from quadrangle.kernel.errors import InvalidInput, TooManyRequests
from quadrangle.meetings.handouts import rules
from quadrangle.meetings.handouts.model import HandoutLimits

MOST_OF_MEETING = 2  # at once
MOST = 8
SILENT_S = 30.0  # between two pieces
LONGEST_S = 20 * 60.0
BROKEN_OFF = "The file broke off on its way. Please put it in again."


class Receptions:
    """Counts what comes in just now, of this process."""

    def __init__(self) -> None:
        self._coming: Counter[str] = Counter()

    @contextmanager
    def of(self, meeting_id: str) -> Iterator[None]:
        """Take one more in, meanwhile. Raises TooManyRequests."""
        if self._coming[meeting_id] >= MOST_OF_MEETING or self._coming.total() >= MOST:
            raise TooManyRequests(
                "Other files are being put in just now. Please try again in a moment.",
                retry_after_s=10,
            )
        self._coming[meeting_id] += 1
        try:
            yield
        finally:
            self._coming[meeting_id] -= 1
            self._coming += Counter()  # forgets those of which there is none


async def bounded(
    content: AsyncIterator[bytes], limits: HandoutLimits, silent_s: float = SILENT_S
) -> AsyncIterator[bytes]:
    """Pass on the pieces of one file. Raises TooLarge as soon as it is, InvalidInput for one that
    is empty, or stops coming."""
    size = 0
    begun = asyncio.get_running_loop().time()
    while True:
        left = begun + LONGEST_S - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(min(silent_s, left)):
                piece = await anext(content, None)
        except TimeoutError as error:
            raise InvalidInput.at("name", BROKEN_OFF) from error
        if piece is None:
            break
        size += len(piece)
        rules.require_bound(size, limits)
        yield piece
    rules.require_size(size, limits)
