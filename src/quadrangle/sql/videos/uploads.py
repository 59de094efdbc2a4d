"""What is known of uploads, on SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, delete, func, insert, select, update

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text
from quadrangle.kernel.errors import TooLarge
from quadrangle.kernel.jobs import NewJob
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.sql.jobs.requests import request
from quadrangle.sql.videos import queue, rows
from quadrangle.sql.videos.tables import gallery_videos, video_jobs, video_uploads
from quadrangle.videos.jobs import REMOVE
from quadrangle.videos.model import Video
from quadrangle.videos.uploads.model import Upload
from quadrangle.videos.uploads.ports import Replaced
from quadrangle.videos.uploads.rules import in_words, nobodys


class SqlUploadStore:
    """Implements videos.uploads.ports.UploadStore. `slots` is how many are processed at once."""

    def __init__(self, database: Database, slots: int = 1) -> None:
        self._database = database
        self._slots = slots

    async def add(self, upload: Upload, quota: int) -> None:
        def work(connection: Connection) -> None:
            if quota:
                _require_room(connection, upload, quota)
            connection.execute(insert(video_uploads), _values(upload))

        await self._database.write(work)

    async def get(self, upload_id: str) -> Upload | None:
        return await self._database.read(lambda c: _fetch(c, upload_id))

    async def prolong(self, upload_id: str, expires_at: str) -> None:
        def work(connection: Connection) -> None:
            upload = _fetch(connection, upload_id)
            if upload is not None:
                _save(connection, msgspec.structs.replace(upload, expires_at=expires_at))

        await self._database.write(work)

    async def complete(self, upload_id: str, video: Video, changes: Sequence[Change]) -> int | None:
        def work(connection: Connection) -> int | None:
            upload = _fetch(connection, upload_id)
            if upload is None or upload.video_id is not None:
                return None if upload is None else upload.video_id
            now = from_text(video.created_at)
            job_id = queue.put(connection, video, now)
            added = rows.add(connection, msgspec.structs.replace(video, job_id=job_id), now)
            of_job = video_jobs.c.id == job_id
            connection.execute(update(video_jobs).where(of_job).values(video_id=added.video_id))
            _save(connection, msgspec.structs.replace(upload, video_id=added.video_id))
            named = [msgspec.structs.replace(each, subject=added.subject) for each in changes]
            feed.append(connection, *named)
            queue.admit(connection, self._slots, now)
            return added.video_id

        return await self._database.write(work)

    async def replace(self, upload_id: str, replaced: Replaced, now: datetime) -> int | None:
        def work(connection: Connection) -> int | None:
            upload = _fetch(connection, upload_id)
            if upload is None or upload.video_id is not None:
                return None if upload is None else upload.video_id
            video = rows.fetch(connection, upload.replaces or 0)
            found = None if video is None else replaced(video)
            if found is None:
                return None
            after, changes = found
            queue.put_again(connection, after, now)
            _save(connection, msgspec.structs.replace(upload, video_id=after.video_id))
            feed.append(connection, *changes)
            queue.admit(connection, self._slots, now)
            return after.video_id

        return await self._database.write(work)

    async def remove(self, upload_id: str, now: datetime) -> bool:
        def work(connection: Connection) -> bool:
            unfinished = (video_uploads.c.upload_id == upload_id) & video_uploads.c.video_id.is_(
                None
            )
            if connection.execute(delete(video_uploads).where(unfinished)).rowcount == 0:
                return False
            request(connection, now, NewJob(REMOVE, {"key": upload_id}))
            return True

        return await self._database.write(work)

    async def unfinished(self, user_id: str) -> list[Upload]:
        query = (
            select(video_uploads.c.body)
            .where(video_uploads.c.user_id == user_id, video_uploads.c.video_id.is_(None))
            .order_by(video_uploads.c.created_at.desc())
        )
        return await self._uploads(query)

    async def waiting(self, limit: int, after: str) -> list[Upload]:
        query = (
            select(video_uploads.c.body)
            .where(video_uploads.c.video_id.is_(None), video_uploads.c.upload_id > after)
            .order_by(video_uploads.c.upload_id)
            .limit(limit)
        )
        return await self._uploads(query)

    async def forget_whole(self, before: str) -> None:
        old = (video_uploads.c.expires_at < before) & video_uploads.c.video_id.is_not(None)
        await self._database.write(lambda c: c.execute(delete(video_uploads).where(old)))

    async def forget_owner(self, user_id: str) -> None:
        def work(connection: Connection) -> None:
            whole = (video_uploads.c.user_id == user_id) & video_uploads.c.video_id.is_not(None)
            query = select(video_uploads.c.body).where(whole)
            for body in connection.execute(query).scalars().all():
                _save(connection, nobodys(msgspec.json.decode(body, type=Upload)))
            theirs = video_jobs.c.user_id == user_id
            connection.execute(update(video_jobs).where(theirs).values(user_id=""))

        await self._database.write(work)

    async def used(self, user_id: str) -> int:
        return await self._database.read(lambda c: _used(c, user_id))

    async def _uploads(self, query: Select[Any]) -> list[Upload]:
        found = await self._database.read(lambda c: c.execute(query).scalars().all())
        return [msgspec.json.decode(body, type=Upload) for body in found]


def _require_room(connection: Connection, upload: Upload, quota: int) -> None:
    used = _used(connection, upload.user_id)
    if used + upload.size > quota:
        raise TooLarge(
            f"Your videos may take {in_words(quota)} in all, and take {in_words(used)} now. "
            "Please delete some first."
        )


def _used(connection: Connection, user_id: str) -> int:
    videos = select(func.sum(gallery_videos.c.file_size)).where(gallery_videos.c.user_id == user_id)
    coming = select(func.sum(video_uploads.c.size)).where(
        video_uploads.c.user_id == user_id, video_uploads.c.video_id.is_(None)
    )
    return sum(int(connection.execute(query).scalar() or 0) for query in (videos, coming))


def _fetch(connection: Connection, upload_id: str) -> Upload | None:
    query = select(video_uploads.c.body).where(video_uploads.c.upload_id == upload_id)
    body = connection.execute(query).scalar()
    return None if body is None else msgspec.json.decode(body, type=Upload)


def _save(connection: Connection, upload: Upload) -> None:
    known = video_uploads.c.upload_id == upload.upload_id
    connection.execute(update(video_uploads).where(known).values(_values(upload)))


def _values(upload: Upload) -> dict[str, object]:
    return {
        "upload_id": upload.upload_id,
        "user_id": upload.user_id,
        "size": upload.size,
        "created_at": upload.created_at,
        "expires_at": upload.expires_at,
        "video_id": upload.video_id,
        "body": msgspec.json.encode(upload).decode(),
    }
