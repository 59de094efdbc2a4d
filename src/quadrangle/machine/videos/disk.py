"""Work on the disk beside the event loop, its failures as errors of ours."""

import asyncio
import contextlib
import errno
from collections.abc import Callable
from typing import TypeVar

from quadrangle.kernel.errors import Unavailable

T = TypeVar("T")


async def in_thread(work: Callable[[], T]) -> T:
    """Run `work` in a thread. Raises FileNotFoundError, and Unavailable for all else."""
    try:
        return await asyncio.to_thread(work)
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise no_room() from error
        raise Unavailable("Files cannot be reached just now. Please try again.") from error


async def unless_missing(work: Callable[[], object]) -> None:
    """Run `work` in a thread; of what is not there nothing is to be done."""
    with contextlib.suppress(FileNotFoundError):
        await in_thread(work)


def no_room() -> Unavailable:
    """Return the error of a full disk."""
    return Unavailable(
        "There is no room for this file at present. What was sent so far is kept; please go on "
        "later.",
        retry_after_s=60,
    )
