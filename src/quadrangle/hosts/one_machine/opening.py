"""Opens the data of this machine: the schema brought up to date, and on SQLite both files."""

import asyncio

import structlog

from quadrangle.audit.rules import BROKEN_OFF
from quadrangle.hosts.one_machine.services import Services
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.principal import SYSTEM
from quadrangle.sql.base.migrate import migrate
from quadrangle.sql.base.two_files import Anew, Follower, ensure_follower, require_facts
from quadrangle.sql.base.write_ahead import grow_log
from quadrangle.sql.feed import cursors
from quadrangle.sql.feed.consumers import REACTIONS, Projection

log = structlog.get_logger(__name__)

LOST = (
    "The file with mails, failed jobs and the audit was not there and was made anew. What was only "
    "in it is gone; search and counts are being made again. If a backup has it, stop, bring back "
    "both databases of that backup, and start."
)
UNUSABLE = (
    "{file} cannot be used: {reason}. Bring back both databases of a backup; or move this file "
    "away and start: mails, failed jobs and the audit in it are lost then, and nothing else."
)
NEWER = (
    "Mails, search and the audit know of changes that the database does not have, as after a "
    "backup of one file alone was brought back. They go on from here; search and counts are made "
    "again."
)


async def open_data(services: Services) -> list[int]:
    """Have everything there that is kept; return the numbers of the migration steps that ran.

    Safe when several processes start at once. Raises TooNew, Unavailable.
    """
    parts, facts = services.parts, services.parts.database.path
    if facts is not None:
        await asyncio.to_thread(require_facts, facts)
    steps = await migrate(parts.database)
    if facts is None:
        return steps
    found = await asyncio.to_thread(ensure_follower, facts, lambda: _anew(services))
    if found is Follower.LOST:
        log.error(LOST, file=parts.following.path)
    try:
        steps += await migrate(parts.following)
    except Unavailable as error:
        raise _unusable(parts.following.path, error) from None
    if known := await parts.following.read(cursors.beyond):
        log.error(NEWER, known=known)
        projections = _projections(services)
        # this first: it is done once more should the other write not come to pass
        await parts.following.write(lambda c: cursors.replay(c, projections))
        await parts.database.write(lambda c: cursors.go_on_behind(c, known))
    await asyncio.to_thread(grow_log, facts)
    return steps


def _unusable(file: str | None, error: Unavailable) -> Unavailable:
    reason = getattr(error.__cause__, "orig", None) or error.message.rstrip(".")
    return Unavailable(UNUSABLE.format(file=file, reason=reason))


def _projections(services: Services) -> list[Projection]:
    return [each for host in services.all for each in host.projections()]


def _anew(services: Services) -> Anew:
    """Mails and the audit go on with what comes: else every mail would be sent again, and nobody
    would see that there were other records."""
    names = [each.name for each in _projections(services) if not each.replays]
    at = to_text(services.parts.clock.now())
    return Anew([REACTIONS, *names], Change(BROKEN_OFF, "audit", {}, SYSTEM.name, at))
