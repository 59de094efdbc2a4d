"""The video service: its capabilities, put together from the parts a host has."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import NotFound
from quadrangle.videos.captions.captions import Captions
from quadrangle.videos.chapters.chapters import Chapters
from quadrangle.videos.courses.courses import Courses
from quadrangle.videos.courses.feeds import CourseFeeds
from quadrangle.videos.courses.ports import CourseStore, FeedStore
from quadrangle.videos.editing.editing import Editing
from quadrangle.videos.gallery.gallery import Gallery
from quadrangle.videos.links import Links
from quadrangle.videos.model import Video
from quadrangle.videos.oversight.oversight import Oversight
from quadrangle.videos.oversight.ports import QueueLog
from quadrangle.videos.ports import Queue, Shelves, VideoStore
from quadrangle.videos.processing.ports import Transcoder
from quadrangle.videos.shared_links.ports import LinkPasswords, SharedLinkStore
from quadrangle.videos.shared_links.shared_links import SharedLinks
from quadrangle.videos.sharing.ports import People, SharingStore
from quadrangle.videos.sharing.sharing import Sharing
from quadrangle.videos.speech.asking import Asking, Hearing
from quadrangle.videos.streaming.grants import CAPTIONS, Grants, Opened
from quadrangle.videos.streaming.watching import Watching
from quadrangle.videos.uploads.model import UploadLimits
from quadrangle.videos.uploads.ports import UploadFiles, UploadStore
from quadrangle.videos.uploads.receiving import Uploads


@dataclass(frozen=True)
class VideoParts:
    """What the service is put together from. `secret` signs links and addresses of media, `slots`
    is how many videos are processed at once."""

    store: VideoStore
    sharing: SharingStore
    courses: CourseStore
    course_feeds: FeedStore
    people: People
    queue: Queue
    uploads: UploadStore
    upload_files: UploadFiles
    shelves: Shelves
    queue_log: QueueLog
    slots: int
    shared_links: SharedLinkStore
    link_passwords: LinkPasswords
    transcoder: Transcoder
    hearing: Hearing
    limits: UploadLimits
    secret: bytes
    public_url: str
    clock: Clock


class VideoService:
    """Everything that can be done with videos."""

    injected_as: ClassVar[str] = "videos"

    def __init__(self, parts: VideoParts) -> None:
        p = parts
        self.public_url, self.clock = p.public_url, p.clock
        self.links = Links(p.secret)
        self.shelves = p.shelves
        self.shared = SharedLinks(p.shared_links, p.link_passwords, self.links, p.clock)
        self.gallery = Gallery(
            p.store, p.sharing, p.queue, p.shelves, self.links, self.shared, p.clock
        )
        self.courses = Courses(p.courses, self.gallery, p.people, p.clock)
        self.sharing = Sharing(self.gallery, p.sharing, p.people, self.courses.of_video, p.clock)
        self.feeds = CourseFeeds(p.course_feeds, self.courses, self.gallery, p.people, p.clock)
        self.grants = Grants(p.store, p.shared_links, self.links, p.clock)
        self.watching = Watching(self.gallery, self.grants, p.store, self.links, p.clock)
        self.editing = Editing(self.gallery, p.queue, p.clock)
        self.oversight = Oversight(p.queue_log, p.store, p.queue, p.slots, p.clock)
        self.captions = Captions(self.gallery, p.shelves, p.clock)
        self.chapters = Chapters(self.gallery, p.clock)
        self.speech = Asking(self.gallery, p.store, p.hearing, p.clock)
        self.uploads = Uploads(
            p.uploads,
            p.upload_files,
            p.limits,
            p.clock,
            p.transcoder.lacking,
            self.editing.require_replaceable,
        )

    def place(self, opened: Opened) -> Path:
        """Return where the file is that an address of media leads to. Raises NotFound."""
        folder, _, name = opened.file.rpartition("/")
        if folder == CAPTIONS:
            try:
                return self.shelves.caption(opened.key, name)
            except ValueError as error:
                raise NotFound("There is nothing at this address.") from error
        return self.shelves.folder(opened.key, opened.folder) / opened.file

    def sound(self, video: Video) -> Path | None:
        """Return where the sound of a video is as one file; None where it has none."""
        media = video.details.media
        if media is None or not media.audio_file:
            return None
        return self.shelves.folder(video.key, video.details.folder) / media.audio_file

    async def picture(self, video: Video, name: str) -> bytes:
        """Return a still of a video. Raises NotFound."""
        path = self.shelves.folder(video.key, video.details.folder) / name
        try:
            return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError as error:
            raise NotFound("There is no picture of this video yet.") from error
