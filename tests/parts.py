"""What is done in parts, done as a whole."""

from quadrangle.issues.own_reports import OwnReports
from quadrangle.kernel.change import Change, Part, in_parts


async def whole(part: Part, change: Change) -> None:
    """Do all parts of a reaction one after another."""
    await in_parts("whole", frozenset(), part).handle(change)


async def release_all(own: OwnReports, account_id: str, name: str) -> None:
    """Take every report from an account."""
    cursor = await own.release_some(account_id, name, None)
    while cursor is not None:
        cursor = await own.release_some(account_id, name, cursor)
