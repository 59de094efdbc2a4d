"""What writing an issue needs each time: the issue that is there, and trying again."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from quadrangle.issues.model import Issue
from quadrangle.issues.ports import IssueStore
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.ids import is_id


async def existing(store: IssueStore, issue_id: str) -> Issue:
    """Return the issue of that id. Raises NotFound."""
    issue = await store.get(issue_id) if is_id(issue_id) else None
    if issue is None:
        raise NotFound("Issue not found")
    return issue


T = TypeVar("T")


TRIES = 5


async def retrying(attempt: Callable[[], Awaitable[T]]) -> T:
    """Repeat load, decide, save when someone else saved in between. Raises Conflict at last."""
    for _ in range(TRIES - 1):
        try:
            return await attempt()
        except Conflict:
            continue
    return await attempt()
