"""The queue of pictures: each sender has a share, and cheap ones do not wait for dear ones."""

import asyncio
import contextlib
import heapq
from collections import Counter
from collections.abc import AsyncIterator

import msgspec

from quadrangle.kernel.errors import TooManyRequests, Unavailable

MANY = "Many pictures are arriving. Please try again in a moment."
MANY_OF_ONE = "Many pictures are arriving from your address. Please try again in a moment."


class QueueLimits(msgspec.Struct, frozen=True):
    """How many pictures, and bytes of them, may be there at once, in all and of one sender; and
    how many seconds one may wait for its turn."""

    pictures: int = 120
    of_one: int = 60
    bytes: int = 400_000_000
    bytes_of_one: int = 200_000_000
    seconds: float = 45


class PictureQueue:
    """Lets one go at a time: of those that wait, the one that would be done first if all senders
    were worked for side by side at one speed. So what somebody sends waits for what is in work and
    for its own, and not for a heap of dear ones that another has sent before.

    Use it from one event loop.
    """

    def __init__(self, limits: QueueLimits) -> None:
        self._limits = limits
        self._busy = False
        self._done_to = 0.0  # how much of each sender's work would be done
        self._last: dict[str, float] = {}  # where the work of a sender ends by now
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = 0
        self._pictures: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()

    @contextlib.asynccontextmanager
    async def turn(self, sender: str, cost: float, size: int) -> AsyncIterator[None]:
        """Wait for a turn, for a picture of `size` bytes; `cost` is in any unit, above 0.

        Raises TooManyRequests when the sender has too many here, Unavailable when all have, or
        the turn does not come in time.
        """
        self._require_room(sender, size)
        self._pictures[sender] += 1
        self._bytes[sender] += size
        try:
            await self._wait(sender, cost)
            try:
                yield
            finally:
                self._pass_on()
        finally:
            self._pictures[sender] -= 1
            self._bytes[sender] -= size
            if not self._pictures[sender]:
                del self._pictures[sender], self._bytes[sender]

    def _require_room(self, sender: str, size: int) -> None:
        limits = self._limits
        here = self._pictures.total() < limits.pictures
        if not here or self._bytes.total() + size > limits.bytes:
            raise Unavailable(MANY)
        own = self._pictures[sender] < limits.of_one
        if not own or self._bytes[sender] + size > limits.bytes_of_one:
            raise TooManyRequests(MANY_OF_ONE, retry_after_s=5)

    async def _wait(self, sender: str, cost: float) -> None:
        ends = max(self._done_to, self._last.get(sender, 0.0)) + cost
        self._last[sender] = ends
        if not self._busy:
            self._busy, self._done_to = True, ends
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._number += 1
        heapq.heappush(self._waiting, (ends, self._number, turn))
        try:
            async with asyncio.timeout(self._limits.seconds):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():
                self._pass_on()  # it came just now, and nobody is there any more
            turn.cancel()
            if isinstance(error, TimeoutError):
                raise Unavailable(MANY) from error
            raise

    def _pass_on(self) -> None:
        while self._waiting:
            ends, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                self._done_to = max(self._done_to, ends)
                turn.set_result(None)
                return
        self._busy, self._done_to = False, 0.0
        self._last.clear()
