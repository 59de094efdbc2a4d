"""The video service: its capabilities, put together from the parts a host has."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import NotFound
from quadrangle.kernel.jobs import Jobs
from quadrangle.videos.captions.captions import Captions
from quadrangle.videos.editing.editing import Editing
from quadrangle.videos.gallery.gallery import Gallery
from quadrangle.videos.links import Links
from quadrangle.videos.model import Video
from quadrangle.videos.offering.offering import Offering
from quadrangle.videos.oversight.oversight import Oversight
from quadrangle.videos.oversight.ports import QueueLog
from quadrangle.videos.plays.plays import Plays
from quadrangle.videos.ports import Queue, Shelves, VideoStore
from quadrangle.videos.processing.ports import Transcoder
from quadrangle.videos.shared_links.ports import LinkPasswords, SharedLinkStore
from quadrangle.videos.shared_links.shared_links import SharedLinks
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
    queue: Queue
    uploads: UploadStore
    upload_files: UploadFiles
    shelves: Shelves
    queue_log: QueueLog
    jobs: Jobs
    embed_origins: Sequence[str]
    time_zone: str
    slots: int
    shared_links: SharedLinkStore
    link_passwords: LinkPasswords
    transcoder: Transcoder
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
        self.gallery = Gallery(p.store, p.queue, p.shelves, self.links, self.shared, p.clock)
        self.grants = Grants(p.store, p.shared_links, self.links, p.clock)
        self.watching = Watching(self.gallery, self.grants, p.store, self.links, p.clock)
        self.editing = Editing(self.gallery, p.queue, p.clock)
        self.time_zone = p.time_zone
        self.offering = Offering(self.gallery, p.jobs, p.clock, p.embed_origins)
        self.plays = Plays(p.store, p.clock)
        self.oversight = Oversight(p.queue_log, p.store, p.queue, p.slots, p.clock)
        self.captions = Captions(self.gallery, p.shelves, p.clock)
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

    async def picture(self, video: Video, name: str) -> bytes:
        """Return a still of a video. Raises NotFound."""
        path = self.shelves.folder(video.key, video.details.folder) / name
        try:
            return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError as error:
            raise NotFound("There is no picture of this video yet.") from error
