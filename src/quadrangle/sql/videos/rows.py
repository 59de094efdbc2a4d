"""Rows of the gallery, and what follows from each: its shelf, totals and words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, text, update

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.jobs import NewJob
from quadrangle.sql.jobs.requests import request
from quadrangle.sql.videos import audiences, passages, search
from quadrangle.sql.videos.tables import gallery_videos, video_totals
from quadrangle.videos.jobs import SHELVE
from quadrangle.videos.model import Details, Status, Video, Visibility
from quadrangle.videos.rules import shelf as shelf_of
from quadrangle.videos.sharing.model import NOBODY, Audience

OPEN_SHELVES = ("public", "campus")  # each with a total of its own
_FOLLOW = ("thumbnail_url", "shelf", "shelf_until", "captioned", "folder", "grants")
COLUMNS = [column for column in gallery_videos.c if column.name not in _FOLLOW]


def video_of(row: Any) -> Video:
    """Return the video of a row of COLUMNS."""
    return Video(
        video_id=row.id,
        user_id=row.user_id,
        job_id=row.job_id,
        title=row.title,
        description=row.description or "",
        key=row.s3_key,
        visibility=Visibility(row.visibility),
        status=Status(row.status),
        duration=row.duration,
        resolution=row.resolution,
        video_codec=row.video_codec,
        audio_codec=row.audio_codec,
        file_size=row.file_size or 0,
        views=row.views,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
        details=msgspec.json.decode(row.more, type=Details),
    )


def fetch(connection: Connection, video_id: int) -> Video | None:
    """Return a video as it is now."""
    known = gallery_videos.c.id == video_id
    row = connection.execute(select(*COLUMNS).where(known)).first()
    return None if row is None else video_of(row)


def fetch_all(connection: Connection, video_ids: Sequence[int]) -> list[Video]:
    """Return videos in the order of their numbers as given."""
    query = select(*COLUMNS).where(gallery_videos.c.id.in_(video_ids))
    found = {row.id: video_of(row) for row in connection.execute(query)}
    return [found[video_id] for video_id in video_ids if video_id in found]


def add(connection: Connection, video: Video, now: datetime) -> Video:
    """Save a new video and return it with its number."""
    values = _values(video, now, NOBODY)
    statement = insert(gallery_videos).values(**values, views=0).returning(gallery_videos.c.id)
    number = connection.execute(statement).scalar_one()
    numbered = msgspec.structs.replace(video, video_id=number)
    _follow(connection, None, numbered, now, NOBODY)
    return numbered


def replace(connection: Connection, video: Video, now: datetime) -> None:
    """Save a video over the one whose version is one less. Raises Conflict."""
    before = fetch(connection, video.video_id)
    if before is None or before.version != video.version - 1:
        raise Conflict()
    old_shelf = _shelf(connection, video.video_id)
    audience = _audience(connection, video)
    known = gallery_videos.c.id == video.video_id
    connection.execute(update(gallery_videos).where(known).values(_values(video, now, audience)))
    _follow(connection, (before, old_shelf), video, now, audience)


def refresh(
    connection: Connection, video_ids: Iterable[int], now: datetime, *, ends_grants: bool
) -> None:
    """Have what is shared be listed by the audiences as they are now; with `ends_grants` every
    address of its media that was given is void."""
    for video_id in sorted(set(video_ids)):
        video = fetch(connection, video_id)
        if video is None or video.visibility is not Visibility.SHARED:
            continue
        grants = video.details.grants + (1 if ends_grants else 0)
        details = msgspec.structs.replace(video.details, grants=grants)
        moved = msgspec.structs.replace(video, details=details, version=video.version + 1)
        replace(connection, moved, now)


def _audience(connection: Connection, video: Video) -> Audience:
    is_shared = video.visibility is Visibility.SHARED
    return audiences.of_video(connection, video.video_id) if is_shared else NOBODY


def remove(connection: Connection, video: Video) -> None:
    """Forget a video that is there."""
    old_shelf = _shelf(connection, video.video_id)
    connection.execute(delete(gallery_videos).where(gallery_videos.c.id == video.video_id))
    search.remove(connection, video.video_id)
    audiences.forget_video(connection, video.video_id)
    passages.remove(connection, video.video_id)
    _count(connection, list_of(old_shelf, video.user_id), -1)


def reshelve(connection: Connection, now: datetime, limit: int) -> int:
    """Put those videos on the right shelf whose time has come; return how many."""
    due = gallery_videos.c.shelf_until <= to_text(now)
    columns = [*COLUMNS, gallery_videos.c.shelf]
    rows = connection.execute(select(*columns).where(due).limit(limit)).all()
    for row in rows:
        video, old = video_of(row), row.shelf
        audience = _audience(connection, video)
        values = _shelving(video, now, audience)
        known = gallery_videos.c.id == row.id
        connection.execute(update(gallery_videos).where(known).values(values))
        _follow(connection, (video, old), video, now, audience)
    return len(rows)


def list_of(shelf: str, user_id: str) -> str:
    """Return what the total is called that counts a video."""
    return shelf if shelf in OPEN_SHELVES else f"own:{user_id}"


def total(connection: Connection, lists: Sequence[str]) -> int:
    """Return how many videos some lists have together."""
    query = select(video_totals.c.n).where(video_totals.c.list.in_(lists))
    return sum(connection.execute(query).scalars())


def _shelf(connection: Connection, video_id: int) -> str:
    query = select(gallery_videos.c.shelf).where(gallery_videos.c.id == video_id)
    return connection.execute(query).scalar_one()


def _follow(
    connection: Connection,
    before: tuple[Video, str] | None,
    video: Video,
    now: datetime,
    audience: Audience,
) -> None:
    """Bring up to date what is kept beside the row."""
    shelf = shelf_of(video, now, audience.widest)
    is_same = before is not None and _indexed(video, shelf) == _indexed(*before)
    if not is_same or video.visibility is Visibility.SHARED:
        passages.keep_only(connection, video)
        said = passages.words_said(connection, video.video_id)
        search.index(connection, video, shelf, audience, said)
    counted = list_of(shelf, video.user_id)
    counted_before = None if before is None else list_of(before[1], before[0].user_id)
    if counted != counted_before:
        if counted_before is not None:
            _count(connection, counted_before, -1)
        _count(connection, counted, 1)
    until = _shelving(video, now, audience)["shelf_until"]
    if until is not None:
        name = f"{SHELVE}:{video.video_id}"
        request(connection, now, NewJob(SHELVE, {}, from_text(until), name))


def _indexed(video: Video, shelf: str) -> tuple[str, ...]:
    """Return all that the index of words follows from."""
    files = (caption.file for caption in video.details.captions)
    return video.title, video.description, video.user_id, shelf, *files


def _count(connection: Connection, name: str, by: int) -> None:
    connection.execute(_ADD, {"list": name, "n": by})


_ADD = text(
    "INSERT INTO video_totals (list, n) VALUES (:list, :n)"
    " ON CONFLICT (list) DO UPDATE SET n = video_totals.n + excluded.n"
)


def _shelving(video: Video, now: datetime, audience: Audience) -> dict[str, Any]:
    instants = (video.details.publish_at, video.details.unpublish_at)
    coming = [instant for instant in instants if instant is not None and instant > to_text(now)]
    shelf = shelf_of(video, now, audience.widest)
    return {"shelf": shelf, "shelf_until": min(coming, default=None)}


def _values(video: Video, now: datetime, audience: Audience) -> Mapping[str, Any]:
    details, media = video.details, video.details.media
    has_picture = media is not None and media.poster
    return {
        "user_id": video.user_id,
        "job_id": video.job_id,
        "title": video.title,
        "description": video.description,
        "s3_key": video.key,
        "visibility": video.visibility.value,
        "status": video.status.value,
        "duration": video.duration,
        "resolution": video.resolution,
        "video_codec": video.video_codec,
        "audio_codec": video.audio_codec,
        "file_size": video.file_size,
        "thumbnail_url": f"/api/stream/{video.video_id}/thumbnail" if has_picture else None,
        "created_at": video.created_at,
        "updated_at": video.updated_at,
        **_shelving(video, now, audience),
        "captioned": 1 if details.captions else 0,
        "folder": details.folder,
        "grants": details.grants,
        "version": video.version,
        "more": msgspec.json.encode(details).decode(),
    }
