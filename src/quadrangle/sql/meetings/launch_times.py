"""How long the last launches took, on SQL."""

from sqlalchemy import Connection, delete, insert, select

from quadrangle.meetings.model import Workspace
from quadrangle.sql.base.database import Database
from quadrangle.sql.meetings.tables import meeting_launches

KEPT = 50  # of each kind of workspace


class SqlLaunchTimes:
    """Implements meetings.ports.LaunchTimes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, key: str, workspace: Workspace, seconds: float) -> None:
        await self._database.write(lambda c: _add(c, key, workspace, seconds))

    async def recent(self, workspace: Workspace) -> list[float]:
        query = select(meeting_launches.c.seconds).where(
            meeting_launches.c.workspace == workspace.value
        )
        query = query.order_by(meeting_launches.c.seq.desc()).limit(KEPT)
        return list(await self._database.read(lambda c: c.execute(query).scalars().all()))


def _add(connection: Connection, key: str, workspace: Workspace, seconds: float) -> None:
    known = select(meeting_launches.c.seq).where(meeting_launches.c.key == key)
    if connection.execute(known).first() is not None:
        return
    values = {"key": key, "workspace": workspace.value, "seconds": seconds}
    connection.execute(insert(meeting_launches), values)
    of_kind = meeting_launches.c.workspace == workspace.value
    oldest_kept = (
        select(meeting_launches.c.seq)
        .where(of_kind)
        .order_by(meeting_launches.c.seq.desc())
        .offset(KEPT - 1)
        .limit(1)
    )
    last = connection.execute(oldest_kept).scalar()
    if last is not None:
        connection.execute(delete(meeting_launches).where(of_kind, meeting_launches.c.seq < last))
