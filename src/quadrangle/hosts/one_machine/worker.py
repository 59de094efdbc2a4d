"""The worker process: follows the change feed and runs jobs until it is told to stop."""

import asyncio
import os
import signal

import structlog

from quadrangle.hosts.one_machine.background import Background
from quadrangle.hosts.one_machine.parent import stop_with_parent
from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.services import Services
from quadrangle.hosts.one_machine.settings import Settings

log = structlog.get_logger(__name__)

# Requests come first: beside the server the worker takes what processor time is left.
NICENESS = 10
LEFTOVERS_AFTER_S = 3600.0


async def run_worker(settings: Settings, parent: int | None) -> int:
    """Run until SIGTERM or SIGINT, or until the process `parent` has ended."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if parent is not None:
        os.nice(NICENESS)
        if not stop_with_parent(parent):
            return 0
    services = Services(MachineParts(settings, flush=False))
    background = Background(services)
    await services.parts.files.sweep(LEFTOVERS_AFTER_S)
    log.info("worker started")
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(background.dispatcher.run(stop))
            tasks.create_task(background.worker.run(stop))
            if services.parts.database.is_divided:
                tasks.create_task(background.requests.run(stop))
            tasks.create_task(background.pulse.run(stop))
    finally:
        await services.close()
    log.info("worker stopped")
    return 0
