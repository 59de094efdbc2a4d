"""Takes calls, and does the job each of them names, for as long as the machine may stay."""

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

import structlog

from quadrangle.aws.videos.calls import Call
from quadrangle.hosts.shared.cloud_videos import CloudVideos
from quadrangle.hosts.shared.errands import ERRANDS
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.jobs import Handler
from quadrangle.sql.jobs.leases import Claimed
from quadrangle.sql.jobs.picked import job_of
from quadrangle.videos.jobs import LISTEN, PROCESS

log = structlog.get_logger(__name__)
HIDDEN = timedelta(seconds=120)  # of a call; its job's lease is shorter
RENEW_EVERY_S = 25.0
NOTICE_EVERY_S = 5.0
PAUSE_S = 10.0  # while something is away
_SHORTEST_HIDDEN = timedelta(seconds=5)
_FILMS_FIRST = timedelta(seconds=60)  # for which captions wait while films do


class Machine(Protocol):
    """What this runs on, as its cloud sees it. Raises Unavailable."""

    async def protect(self, *, on: bool) -> None:
        """Have the machine not be ended, or be ended again, when fewer are wanted."""
        ...

    async def is_wanted_back(self) -> bool:
        """Tell whether it will be taken away."""
        ...

    async def drained(self) -> None:
        """Say that nothing is done here any more, and nothing need be waited for."""
        ...


class TurnWorker:
    """One worker, one video at a time: each transcoding uses all processors there are."""

    def __init__(
        self, cloud: CloudVideos, handlers: Mapping[str, Handler], machine: Machine
    ) -> None:
        """`handlers` are of the functions of jobs that are done here."""
        self._cloud = cloud
        self._handlers = {name: handlers[name] for name in (PROCESS, *ERRANDS) if name in handlers}
        self._machine = machine
        self._leaving = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set or the machine is wanted back; give back what is not done."""
        watching = asyncio.create_task(self._watch(stop))
        try:
            while not self._leaving.is_set():
                try:
                    await self.take_one()
                except Unavailable as error:
                    log.warning("waits for AWS", cause=repr(error.__cause__ or error))
                    await self._rest(PAUSE_S)
            await self._machine.drained()
        finally:
            watching.cancel()

    async def _watch(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                if await self._machine.is_wanted_back():
                    log.info("this machine is wanted back")
                    break
            except Unavailable as error:
                log.warning("no word of the machine", cause=repr(error.__cause__ or error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), NOTICE_EVERY_S)
        self._leaving.set()

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._leaving.wait(), seconds)

    async def take_one(self) -> bool:
        """Wait for a call and do what it calls for; tell whether there was one.

        The machine is protected before it asks: between a message and its protection it could be
        ended.
        """
        await self._machine.protect(on=True)
        call = await self._receive()
        if call is None:
            await self._machine.protect(on=False)
            return False
        if call.job is None:
            log.error("a message that is no call")  # after some more tries it is a dead letter
            return True
        await self._answer(call, call.job)
        return True

    async def _receive(self) -> Call | None:
        receiving = asyncio.create_task(self._cloud.turns.receive(HIDDEN))
        leaving = asyncio.create_task(self._leaving.wait())
        await asyncio.wait({receiving, leaving}, return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        call = await receiving  # it may bring one at the last moment, which is then given back
        if call is not None and self._leaving.is_set():
            await self._cloud.turns.hide(call, timedelta(0))
            return None
        return call

    async def _answer(self, call: Call, name: str) -> None:
        jobs, turns = self._cloud.jobs, self._cloud.turns
        if name.startswith(f"{LISTEN}:") and await jobs.is_due(PROCESS):
            await turns.hide(call, _FILMS_FIRST)
            return
        claimed = await jobs.take(self._handlers.keys(), name)
        if claimed is not None:
            await self._work(call, claimed)
        wait = await jobs.wait(name)
        if wait is None:  # done, dead, or never there
            await turns.forget(call)
        elif claimed is not None and self._leaving.is_set():
            await turns.hide(call, timedelta(0))
        else:
            await turns.hide(call, max(wait, _SHORTEST_HIDDEN))
        await self._cloud.call_workers_if_new()

    async def _work(self, call: Call, claimed: Claimed) -> None:
        """Run a job under its lease; its outcome is in the database afterwards."""
        working = asyncio.create_task(self._handle(claimed))
        keeping = asyncio.create_task(self._keep(call, claimed))
        leaving = asyncio.create_task(self._leaving.wait())
        first = {working, keeping, leaving}
        await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
        given_back = not working.done()
        for task in first:
            task.cancel()
        await asyncio.wait(first)
        if given_back and working.cancelled():
            log.info("given back", job=call.job)
            await self._cloud.jobs.give_back(claimed)
            return
        error = asyncio.CancelledError() if working.cancelled() else working.exception()
        verdict = await self._cloud.jobs.end(claimed, error)
        if verdict is not None:
            log.warning("not done", job=call.job, error=verdict.error)

    async def _handle(self, claimed: Claimed) -> None:
        await self._handlers[claimed.function](job_of(claimed))

    async def _keep(self, call: Call, claimed: Claimed) -> None:
        """Extend the lease and hide the call until the lease is somebody else's."""
        while True:
            await asyncio.sleep(RENEW_EVERY_S)
            try:
                if not await self._cloud.jobs.keep(claimed):
                    return
            except Unavailable as error:
                log.warning("lease not renewed", cause=repr(error.__cause__ or error))
            await self._cloud.turns.hide(call, HIDDEN)
