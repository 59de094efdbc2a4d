"""Videos and uploads for tests of their stores."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from quadrangle.kernel.clock import ManualClock, to_text
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal, Role
from quadrangle.sql.base.database import Database
from quadrangle.sql.videos.course_people import SqlCourseFeeds, SqlCourseStore
from quadrangle.sql.videos.queue import SqlQueue
from quadrangle.sql.videos.shared_links import SqlSharedLinks
from quadrangle.sql.videos.sharing import SqlSharingStore
from quadrangle.sql.videos.store import SqlVideoStore
from quadrangle.sql.videos.uploads import SqlUploadStore
from quadrangle.videos.gallery.gallery import Gallery
from quadrangle.videos.links import Links
from quadrangle.videos.model import Status, Turn, Video, VideoQuery, Visibility
from quadrangle.videos.ports import Shelves
from quadrangle.videos.processing.model import Probe, Rendered, Rung
from quadrangle.videos.processing.rules import ready
from quadrangle.videos.rules import UPLOADED, record
from quadrangle.videos.shared_links.shared_links import SharedLinks
from quadrangle.videos.uploads.model import Upload
from quadrangle.videos.uploads.rules import video_of

ADA, BEN = (Principal(name, Role.TEACHER, name) for name in ("ada", "ben"))
PROBE = Probe(duration=60.0, width=1280, height=720, frame_rate=30, video_codec="h264")
RUNG = Rung(
    name="720p",
    width=1280,
    height=720,
    bit_rate=3_000_000,
    average=2_000_000,
    codecs="avc1.64001f",
    playlist="v0.m3u8",
)
RENDERED = Rendered(duration=60.0, rungs=(RUNG,), poster="poster.jpg")


class NoPasswords:
    """Stands where passwords of links are kept, and none is."""

    async def seal(self, secret: str) -> str:
        raise Unavailable("No password can be kept here.")

    async def check(self, name: str, address: str, sealed: str, secret: str) -> bool:
        return False


class Reel:
    """The stores of the video service on one database."""

    def __init__(self, database: Database, clock: ManualClock, slots: int = 1) -> None:
        self.clock = clock
        self.database = database
        self.store = SqlVideoStore(database, slots)
        self.sharing = SqlSharingStore(database)
        self.courses = SqlCourseStore(database)
        self.feeds = SqlCourseFeeds(database)
        self.queue = SqlQueue(database, slots)
        self.shared_links = SqlSharedLinks(database)
        self.uploads = SqlUploadStore(database, slots)

    def new_upload(self, owner: Principal = ADA, **values: Any) -> Upload:
        now = self.clock.now()
        given = {
            "upload_id": new_id(),
            "user_id": owner.account_id,
            "owner_name": owner.name,
            "size": 1000,
            "title": "Rotation",
            "created_at": to_text(now),
            "expires_at": to_text(now + timedelta(hours=24)),
            **values,
        }
        return Upload(**given)

    async def uploaded(self, owner: Principal = ADA, **values: Any) -> Video:
        """Have an upload become a video that waits."""
        upload = self.new_upload(owner, **values)
        await self.uploads.add(upload, 0)
        video = video_of(upload, self.clock.now())
        change = record(UPLOADED, video, self.clock.now(), owner)
        video_id = await self.uploads.complete(upload.upload_id, video, [change])
        assert video_id is not None
        return await self.get(video_id)

    async def shown(self, owner: Principal = ADA, **values: Any) -> Video:
        """Have a video that can be watched, whoever's turn it would be."""
        video = await self.uploaded(owner, **values)
        made, _ = ready(video, PROBE, RENDERED, "r-00000001", self.clock.now())
        await self.store.save(made, [], self.clock.now())
        return made

    def gallery(self, shelves: Shelves) -> Gallery:
        """Return what is done with these videos; their links have no passwords."""
        links = Links(b"secret")
        shared = SharedLinks(self.shared_links, NoPasswords(), links, self.clock)
        return Gallery(self.store, self.sharing, self.queue, shelves, links, shared, self.clock)

    async def get(self, video_id: int) -> Video:
        video = await self.store.get(video_id)
        assert video is not None
        return video

    async def ids(self, offset: int = 0, limit: int = 10, **query: Any) -> tuple[list[int], int]:
        found, total = await self.store.page(VideoQuery(**query), offset, limit)
        return [video.video_id for video in found], total

    async def begin(self, video_id: int, run: str, now: datetime) -> tuple[Video, Turn]:
        """Take the turn of a video that has one."""
        begun = await self.queue.begin(video_id, run, now)
        assert begun is not None
        return begun

    async def process(self, video_id: int, run: str = "0001") -> Video:
        """Give a video its turn, from beginning to end."""
        now = self.clock.now()
        _, turn = await self.begin(video_id, run, now)
        return await self.queue.end(
            turn, lambda v: ready(v, PROBE, RENDERED, f"r-0000{run}", now), now
        )

    def changed(self, video: Video, **values: Any) -> Video:
        return msgspec.structs.replace(video, version=video.version + 1, **values)


__all__ = ["ADA", "BEN", "PROBE", "RENDERED", "RUNG", "Reel", "Status", "Visibility"]
