"""What writing an issue needs each time: the issue that is there, and trying again."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from quadrangle.issues.model import Issue
from quadrangle.issues.ports import IssueStore
from quadrangle.kernel.errors import NotFound, Outrun
from quadrangle.kernel.ids import is_id


async def existing(store: IssueStore, issue_id: str) -> Issue:
    """Return the issue of that id. Raises NotFound."""
    issue = await store.get(issue_id) if is_id(issue_id) else None
    if issue is None:
        raise NotFound("Issue not found")
    return issue


T = TypeVar("T")


TRIES = 40
LONGEST_PAUSE_S = 0.25


async def retrying(attempt: Callable[[], Awaitable[T]]) -> T:
    """Repeat load, decide, save when someone else saved in between. Raises Outrun at last.

    Of those who save at once one succeeds each time, so many who write on one issue all come to
    it; they wait for a moment by chance, so that they do not meet again.
    """
    for tried in range(TRIES - 1):
        try:
            return await attempt()
        except Outrun:
            longest = min(LONGEST_PAUSE_S, 0.005 * 2**tried)
            await asyncio.sleep(random.random() * longest)  # noqa: S311 - not a secret
    return await attempt()
