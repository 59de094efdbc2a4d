"""Blocking work beside the event loop."""

import asyncio
import errno
from collections.abc import Callable
from typing import TypeVar

from quadrangle.kernel.errors import Unavailable

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """Do blocking work. Raises Unavailable when the file system refuses."""
    try:
        return await asyncio.to_thread(work)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            message = "The disk is full; the video waits until there is room again."
            raise Unavailable(message, retry_after_s=60) from error
        raise Unavailable("The files of videos cannot be reached just now.") from error
