"""Work that is broken off once nobody wants it any more."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from quadrangle.kernel.errors import Unavailable


class NotWanted(Exception):
    """Nobody wants what was being done any more."""


@contextlib.asynccontextmanager
async def while_wanted(
    is_wanted: Callable[[], Awaitable[bool]], every_s: float
) -> AsyncIterator[None]:
    """Break off what is done inside, whatever it is busy with, once it is found not to be wanted;
    raise NotWanted then. A store that cannot be asked is asked again after `every_s` seconds."""
    doing = asyncio.current_task()
    assert doing is not None
    over = False

    async def watch() -> None:
        nonlocal over
        while True:
            await asyncio.sleep(every_s)
            with contextlib.suppress(Unavailable):
                if not await is_wanted():
                    over = True
                    doing.cancel()
                    return

    watching = asyncio.create_task(watch())
    try:
        yield
    except asyncio.CancelledError:
        if not over:
            raise
        doing.uncancel()
        raise NotWanted from None
    finally:
        watching.cancel()
