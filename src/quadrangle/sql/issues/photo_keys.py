"""The files that photo records name."""

from sqlalchemy import select

from quadrangle.sql.base.database import Database
from quadrangle.sql.issues.tables import photos


async def photo_keys(database: Database) -> set[str]:
    """Return the keys of all files that photo records name."""
    query = select(photos.c.issue_id, photos.c.photo_id)
    rows = await database.read(lambda c: c.execute(query).all())
    keys = {f"photos/{issue_id}/{photo_id}" for issue_id, photo_id in rows}
    return keys | {key + "-thumbnail" for key in keys}
