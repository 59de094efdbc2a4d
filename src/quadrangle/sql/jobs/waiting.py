"""Waiting for the next commit, the next instant, or the database to come back."""

import asyncio

from quadrangle.kernel.jobs import RetryPolicy, plan_retry

CONTENDED_S = 0.001  # a write that waited longer than this had others before it
SAFETY_S = 30.0  # a slow look in case a signal got lost with its process
LOOK_PAUSE_S = 0.005
_BACKOFF = RetryPolicy(max_attempts=2**31, first_delay_s=0.2, max_delay_s=10.0)


class LookPace:
    """Keeps looks apart by `pause_s`: under a stream of commits the rest is left to others.

    The first look after a pause is not held up.
    """

    def __init__(self, pause_s: float = LOOK_PAUSE_S) -> None:
        self._pause_s = pause_s
        self._last = 0.0

    async def keep(self) -> None:
        clock = asyncio.get_running_loop().time
        early_s = self._last + self._pause_s - clock()
        if early_s > 0:
            await asyncio.sleep(early_s)
        self._last = clock()


async def wait_for(event: asyncio.Event, seconds: float) -> bool:
    """Wait until `event` is set, `seconds` at most; tell whether it is."""
    try:
        async with asyncio.timeout(max(0.0, seconds)):
            await event.wait()
    except TimeoutError:
        return False
    return True


def backoff_s(failures: int) -> float:
    """Return the seconds to wait after that many failures in a row, from 1 on."""
    wait = plan_retry(_BACKOFF, failures)
    assert wait is not None
    return wait.total_seconds()


async def set_when(source: asyncio.Event, *targets: asyncio.Event) -> None:
    """Set `targets` once `source` is set."""
    await source.wait()
    for target in targets:
        target.set()
