"""Runs one program of the jail: reads what it says, and ends it whatever happens to its caller."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Sequence
from pathlib import Path
from typing import Any

from quadrangle.kernel.errors import Unavailable
from quadrangle.machine.videos.jail import environment

_CHUNK = 1 << 16
_MOST_SAID = 1 << 16  # bytes of its complaints that are kept, of the first
_MOST_TEXT = 1 << 23  # bytes of an answer that is read as a whole
_END_S = 5


class Program:
    """A running program. `said` is what it complained of, so far."""

    def __init__(self, process: asyncio.subprocess.Process, feed: Sequence[Path]) -> None:
        self._process = process
        self._said = bytearray()
        self._helpers = [asyncio.ensure_future(self._listen())]
        if feed:
            self._helpers.append(asyncio.ensure_future(self._feed(feed)))

    @property
    def said(self) -> str:
        return self._said.decode(errors="replace")

    async def output(self) -> AsyncIterator[bytes]:
        """Yield what it writes, until the last process in the sandbox has ended."""
        assert self._process.stdout is not None
        while chunk := await self._process.stdout.read(_CHUNK):
            yield chunk

    async def lines(self) -> AsyncIterator[bytes]:
        """The same, line by line. A line without end is given up in parts."""
        rest = b""
        async for chunk in self.output():
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                yield line
            rest = rest[-_CHUNK:]

    async def text(self) -> bytes:
        """Return all it writes, as far as anyone needs."""
        content = bytearray()
        async for chunk in self.output():
            if len(content) < _MOST_TEXT:
                content += chunk
        return bytes(content)

    async def ended(self) -> int:
        """Wait for its end and return its exit code."""
        code = await self._process.wait()
        await asyncio.gather(*self._helpers, return_exceptions=True)
        return code

    async def end(self) -> None:
        """End it, and wait until nothing of it is left: its output ends with its last process."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_END_S):
                await self.text()
                await self._process.wait()
        for helper in self._helpers:
            helper.cancel()
        await asyncio.gather(*self._helpers, return_exceptions=True)

    async def _listen(self) -> None:
        stream = self._process.stderr
        while stream is not None and (chunk := await stream.read(_CHUNK)):
            self._said += chunk[: _MOST_SAID - len(self._said)]

    async def _feed(self, files: Sequence[Path]) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        with contextlib.suppress(ConnectionError):  # it read as much as it wanted
            for file in files:
                stdin.write(await asyncio.to_thread(file.read_bytes))
                await stdin.drain()
            stdin.close()
            await stdin.wait_closed()


@contextlib.asynccontextmanager
async def running(command: list[str], *, feed: Sequence[Path] = ()) -> AsyncIterator[Program]:
    """Run a command of `jailed`; `feed` are files it reads one after the other as its input.

    It is started from the thread of the event loop: bwrap dies with the thread that started it.
    Leaving ends it. Raises Unavailable when it cannot be started.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE if feed else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment(),
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        raise Unavailable("Videos cannot be processed just now.") from error
    program = Program(process, feed)
    try:
        yield program
    finally:
        await _whatever_happens(program.end())


async def _whatever_happens(work: Coroutine[Any, Any, None]) -> None:
    """Finish `work` even when we are cancelled meanwhile, and pass that on afterwards."""
    task = asyncio.ensure_future(work)
    cancelled = False
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        raise asyncio.CancelledError
