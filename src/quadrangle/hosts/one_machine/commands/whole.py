"""Whether there is anything that a command could look at."""

import asyncio
from pathlib import Path

from quadrangle.hosts.one_machine.commands.errors import CommandError
from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.sql.base.integrity import has_tables

EMPTY = "This database is empty. `quadrangle migrate` makes its tables."
EARLIER = "This database is of an earlier version. `quadrangle migrate` brings it up to date."
LOST = (
    "{file} is missing, with all mails, failed jobs and audit records. A backup may have it; "
    "without it `quadrangle migrate` makes an empty one, and search and counts anew."
)


async def require_whole(parts: MachineParts) -> None:
    """Raise CommandError unless all files are there, and of this version. Raises Unavailable."""
    if not await has_tables(parts.database, "changes"):
        raise CommandError(EMPTY)
    follower = parts.following.path
    if follower is None or await asyncio.to_thread(Path(follower).is_file):
        return
    moved = not await has_tables(parts.database, "jobs")
    raise CommandError(LOST.format(file=follower) if moved else EARLIER)
