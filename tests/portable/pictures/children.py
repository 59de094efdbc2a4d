"""An image processor to work with, and what is seen of its child process."""

import asyncio
import multiprocessing
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from quadrangle.kernel.errors import InvalidInput, TooLarge
from quadrangle.portable.pictures.image_processor import ChildLimits, ImageProcessor
from quadrangle.portable.pictures.images import ImageLimits
from quadrangle.portable.pictures.turns import QueueLimits
from tests.portable.pictures.pictures import checked

Use = Callable[[ImageProcessor], Awaitable[None]]


def use(
    work: Use,
    limits: ImageLimits | None = None,
    child_limits: ChildLimits | None = None,
    queue_limits: QueueLimits | None = None,
) -> None:
    async def session() -> None:
        processor = ImageProcessor(limits, child_limits, queue_limits)
        try:
            await work(processor)
        finally:
            await processor.close()

    asyncio.run(session())


def child() -> int:
    """Return the id of the one child process there is."""
    ids = [each.pid for each in multiprocessing.active_children() if each.pid]
    (running,) = [each for each in ids if is_running(each)]
    return running


def wait_for_end(process_id: int) -> None:
    """Wait until there is no such process; two minutes are for a machine under load."""
    last = time.monotonic() + 120
    while is_running(process_id):
        assert time.monotonic() < last, f"process {process_id} is still running"
        time.sleep(0.01)


def is_running(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


async def refused(processor: ImageProcessor, content: bytes) -> str:
    with pytest.raises((InvalidInput, TooLarge)) as caught:
        await processor.re_encode(content)
    return checked(caught.value).message
