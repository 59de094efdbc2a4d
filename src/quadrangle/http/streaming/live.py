"""Changes as they happen, for pages that stay open: server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import ClassVar, Protocol

import msgspec
import structlog

from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import QuadrangleError

log = structlog.get_logger(__name__)

HEARTBEAT_S = 15.0
MAX_WAITING = 256  # events a slow reader may be behind before it is sent away to come back
BATCH = 500
RETRY_S = 1.0
PAUSE_S = 0.1


class ChangeFeed(Protocol):
    """Reads change records in commit order. Raises Unavailable."""

    async def last_seq(self) -> int: ...

    async def read_after(
        self, seq: int, limit: int, kinds: frozenset[str] | None
    ) -> tuple[list[Change], int]:
        """Return at most `limit` changes after `seq`, of `kinds` where given, and how far that
        has come: reading goes on after it. Without new changes that is `seq`."""
        ...


Wanted = Callable[[Change], bool]
# Returns what an event tells of a change, as a Struct or a dict to be written as JSON.
Shown = Callable[[Change], object]
# Tells whether who reads may still.
Holds = Callable[[], Awaitable[bool]]


class _Subscriber:
    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.queue: asyncio.Queue[Change | None] = asyncio.Queue(MAX_WAITING)

    def offer(self, change: Change | None) -> bool:
        try:
            self.queue.put_nowait(change)
        except asyncio.QueueFull:
            return False
        return True


class LiveFeed:
    """Reads the feed once for all open pages of this process."""

    injected_as: ClassVar[str] = "live"

    def __init__(self, feed: ChangeFeed) -> None:
        self._feed = feed
        self._subscribers: set[_Subscriber] = set()
        self._hooks: list[Callable[[Change], None]] = []
        self._hook_kinds: frozenset[str] = frozenset()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False

    def on_change(self, kinds: frozenset[str], hook: Callable[[Change], None]) -> None:
        """Call `hook` for every change of these kinds, and maybe for others, in commit order."""
        self._hooks.append(hook)
        self._hook_kinds |= kinds

    def wake(self) -> None:
        """Look for new changes."""
        self._wake.set()

    async def start(self) -> None:
        seq = await self._feed.last_seq()
        self._task = asyncio.create_task(self._follow(seq))

    async def _follow(self, seq: int) -> None:
        while not self._closing:
            await self._wake.wait()
            self._wake.clear()
            try:
                seq = await self._catch_up(seq)
            except QuadrangleError as error:
                log.warning("live feed cannot read changes", error=error.message)
                await asyncio.sleep(RETRY_S)
                self._wake.set()
            # A stream of commits is read a few times a second, not once for each of them.
            await asyncio.sleep(PAUSE_S)

    async def _catch_up(self, seq: int) -> int:
        while True:
            # Nobody looks: what nobody waits for is passed by without being read.
            kinds = None if self._subscribers else self._hook_kinds
            changes, come_to = await self._feed.read_after(seq, BATCH, kinds)
            if kinds is not None and self._subscribers:
                continue  # someone came meanwhile, and may want what was passed by
            self._publish(changes)
            if come_to == seq:
                return seq
            seq = come_to

    def _publish(self, changes: list[Change]) -> None:
        for change in changes:
            for hook in self._hooks:
                hook(change)
            for subscriber in list(self._subscribers):
                if subscriber.wanted(change) and not subscriber.offer(change):
                    self._subscribers.discard(subscriber)

    async def events(
        self, wanted: Wanted, shown: Shown, holds: Holds | None
    ) -> AsyncIterator[bytes]:
        """Yield server-sent events for the changes `wanted` picks, until the server stops.

        `shown` is the service's: what its pages are told of each. A reader that falls too far
        behind is ended; browsers come back by themselves. `holds` is asked before every event
        and heartbeat, and who may read no more is ended too; None where the address is all the
        right there is, and never ends.
        """
        subscriber = _Subscriber(wanted)
        self._subscribers.add(subscriber)
        try:
            since = await self._feed.last_seq()  # what came before the reader is not for it
            yield b"retry: 2000\n: welcome\n\n"
            while not self._closing:
                try:
                    change = await asyncio.wait_for(subscriber.queue.get(), HEARTBEAT_S)
                except TimeoutError:
                    if subscriber not in self._subscribers or not await _may(holds):
                        return
                    yield b": still here\n\n"
                    continue
                if change is None:
                    break
                if change.seq > since:
                    if not await _may(holds):
                        return
                    yield _event(change.seq, shown(change))
            yield b"event: bye\ndata: {}\n\n"
        finally:
            self._subscribers.discard(subscriber)

    async def close(self) -> None:
        """End all open streams."""
        self._closing = True
        for subscriber in self._subscribers:
            subscriber.offer(None)
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)


async def _may(holds: Holds | None) -> bool:
    return holds is None or await holds()


def _event(seq: int, data: object) -> bytes:
    return b"id: %d\nevent: change\ndata: %s\n\n" % (seq, msgspec.json.encode(data))
