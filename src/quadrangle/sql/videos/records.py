"""What rows say of the files of videos and uploads."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, exists, select

from quadrangle.sql.base.database import Database
from quadrangle.sql.videos import rows
from quadrangle.sql.videos.tables import gallery_videos, video_jobs, video_uploads
from quadrangle.videos.model import Video
from quadrangle.videos.rules import keys_of
from quadrangle.videos.tidying.model import Kept, Known

# Only of a film that was replaced, or is to be, does its row name further keys. Nothing is indexed
# for it: this is looked for once for many keys, and daily.
_NAMES_OTHERS = '%"source":"_%'


class SqlRecords:
    """Implements videos.tidying.ports.Records."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def kept(self, keys: Sequence[str]) -> Mapping[str, Kept]:
        return await self._database.read(lambda c: _kept(c, keys))

    async def videos(self, after: int, limit: int) -> list[Known]:
        query = (
            select(*rows.COLUMNS)
            .where(gallery_videos.c.id > after)
            .order_by(gallery_videos.c.id)
            .limit(limit)
        )
        return await self._database.read(
            lambda c: [_known(rows.video_of(row)) for row in c.execute(query)]
        )


def _kept(connection: Connection, keys: Sequence[str]) -> Mapping[str, Kept]:
    sent = select(video_uploads.c.upload_id).where(
        video_uploads.c.upload_id.in_(keys), video_uploads.c.video_id.is_(None)
    )
    found = {key: Kept(busy=True) for key in connection.execute(sent).scalars()}
    waits = exists().where(
        video_jobs.c.video_id == gallery_videos.c.id, video_jobs.c.state.in_(("waiting", "turn"))
    )
    query = select(*rows.COLUMNS, waits.label("busy")).where(gallery_videos.c.s3_key.in_(keys))
    for row in connection.execute(query):
        video = rows.video_of(row)
        found[video.key] = Kept(
            folder=video.details.folder,
            captions=frozenset(each.file for each in video.details.captions),
            busy=bool(row.busy),
        )
    unknown = [key for key in keys if key not in found]
    if unknown:
        others = _other_keys(connection)
        found |= {key: Kept(busy=True) for key in unknown if key in others}
    return found


def _other_keys(connection: Connection) -> set[str]:
    query = select(*rows.COLUMNS).where(gallery_videos.c.more.like(_NAMES_OTHERS))
    return set(_keys(rows.video_of(row) for row in connection.execute(query)))


def _keys(videos: Iterable[Video]) -> Iterable[str]:
    for video in videos:
        yield from keys_of(video)


def _known(video: Video) -> Known:
    details = video.details
    redo = details.redo
    return Known(
        video_id=video.video_id,
        title=video.title,
        status=video.status,
        key=video.key,
        source=(redo.source if redo else "") or details.source,
        folder=details.folder,
        captions=tuple(each.file for each in details.captions),
    )
