"""Blocking work beside the event loop."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from quadrangle.kernel.errors import Unavailable

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """Do blocking work. Raises Unavailable when the file system refuses."""
    try:
        return await asyncio.to_thread(work)
    except OSError as error:
        raise Unavailable("Desktops cannot be reached just now.") from error
