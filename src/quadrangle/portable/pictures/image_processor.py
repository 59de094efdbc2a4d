"""Runs the re-encoding of pictures in a child process.

It may use only so much memory and time, since decoders of untrusted bytes do crash. A server that
uses `ImageProcessor` never loads Pillow itself.
"""

import asyncio
import logging
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from quadrangle.kernel.errors import InvalidInput, TooLarge, Unavailable
from quadrangle.portable.pictures.costs import cost_of
from quadrangle.portable.pictures.images import (
    FIELD,
    UNREADABLE,
    ImageLimits,
    Picture,
    accepted_kind,
)
from quadrangle.portable.pictures.picture_child import ChildLimits, Refusal, confine, re_encode_here
from quadrangle.portable.pictures.turns import PictureQueue, QueueLimits

T = TypeVar("T")
_log = logging.getLogger(__name__)


class ImageProcessor:
    """Runs `re_encode` in a child process, which is started by the first picture.

    One picture is worked on at a time, so that one that kills the child fails alone; the others
    wait in a queue in which each sender has a share (turns.py). Use it from one event loop: the
    child lives no longer than the thread of that loop.
    """

    def __init__(
        self,
        limits: ImageLimits | None = None,
        child_limits: ChildLimits | None = None,
        queue_limits: QueueLimits | None = None,
    ) -> None:
        self._limits = limits or ImageLimits()
        self._child_limits = child_limits or ChildLimits()
        self._turn = asyncio.Lock()
        self._queue = PictureQueue(queue_limits or QueueLimits())
        self._child: _Child | None = None
        self._closed = False

    async def re_encode(self, content: bytes, sender: str = "") -> Picture:
        """Return what `re_encode` makes of `content`; `sender` is whose share it takes.

        Raises TooLarge, InvalidInput (also when the picture takes the child more memory or time
        than it has), TooManyRequests when too many of the sender wait, and Unavailable when too
        many of all do, or no child can be started.
        """
        kind = accepted_kind(content, self._limits)
        cost = cost_of(content, kind, self._limits.pixels)
        async with self._queue.turn(sender, cost, len(content)), self._turn:
            return await self._in_child(content)

    async def close(self) -> None:
        """End the child after the picture in work; later calls get Unavailable."""
        self._closed = True
        async with self._turn:
            self._end_child()

    async def _in_child(self, content: bytes) -> Picture:
        child = await self._ready_child()
        try:
            outcome = await child.re_encode(content, self._limits)
        except BaseException:  # also when the caller goes away: the child is busy for nobody
            self._end_child()
            raise
        if isinstance(outcome, Picture):
            return outcome
        if outcome.too_large:
            raise TooLarge(outcome.message)
        self._end_child()  # a decoder that met broken data may have lost memory or more
        raise InvalidInput.at(FIELD, outcome.message)

    async def _ready_child(self) -> "_Child":
        if self._child is not None and not self._child.usable():
            self._end_child()
        if self._closed:
            raise Unavailable()
        if self._child is None:
            self._child = await _start_child(self._child_limits)
        return self._child

    def _end_child(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


class _Child:
    """A started child process and the pool of one that talks to it."""

    def __init__(
        self, executor: ProcessPoolExecutor, process: BaseProcess, limits: ChildLimits
    ) -> None:
        self._executor = executor
        self._process = process
        self._limits = limits
        self._pictures = 0

    def usable(self) -> bool:
        # Not is_alive(): that errs for a moment when a thread of the pool has reaped the process.
        ended = connection.wait([self._process.sentinel], timeout=0)
        return not ended and self._pictures < self._limits.pictures

    async def re_encode(self, content: bytes, limits: ImageLimits) -> Picture | Refusal:
        """Raises InvalidInput when the child dies or takes too long; end it then."""
        self._pictures += 1
        try:
            work = asyncio.get_running_loop().run_in_executor(
                self._executor, re_encode_here, content, limits, self._limits.seconds
            )
            return await _result_within(self._limits.seconds, work)
        except (BrokenProcessPool, MemoryError, TimeoutError) as error:
            raise InvalidInput.at(FIELD, UNREADABLE) from error

    def end(self) -> None:
        """End the child at once, whatever it is doing."""
        self._process.kill()
        self._executor.shutdown(wait=False)


async def _result_within(seconds: float, work: asyncio.Future[T]) -> T:
    """Wait for `work`, but never cancel it: a cancelled call can upset the pool as it breaks."""
    work.add_done_callback(_look_at)
    await asyncio.wait({work}, timeout=seconds)
    if not work.done():
        raise TimeoutError
    return work.result()


def _look_at(work: asyncio.Future[Any]) -> None:
    """Ask for the result of work nobody may wait for any more, or asyncio reports it as lost."""
    if not work.cancelled():
        work.exception()


async def _start_child(limits: ChildLimits) -> _Child:
    """Start a child and wait until it is ready. Raises Unavailable."""
    try:
        # this too takes pipes and semaphores, of which there may be none left
        executor = ProcessPoolExecutor(
            max_workers=1,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=confine,
            initargs=(os.getpid(), limits.memory_bytes),
        )
        return _Child(executor, await _process_in(executor, limits.start_seconds), limits)
    except (OSError, BrokenProcessPool) as error:  # TimeoutError is an OSError
        raise Unavailable("Pictures cannot be taken in just now. Please try again.") from error


async def _process_in(executor: ProcessPoolExecutor, seconds: float) -> BaseProcess:
    """Have the pool start its process and return it; where that fails, the pool is over."""
    try:
        # The pool starts its process in the thread that submits, and the death signal of the
        # child is tied to that thread: so never from a thread of an executor.
        starting = asyncio.get_running_loop().run_in_executor(executor, os.getpid)
        return _process_of(await _result_within(seconds, starting))
    except BaseException:
        executor.shutdown(wait=False)
        raise


def _process_of(process_id: int) -> BaseProcess:
    for process in multiprocessing.active_children():
        if process.pid == process_id:
            return process
    raise ChildProcessError("the child ended as soon as it was ready")
