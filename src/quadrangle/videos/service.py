"""The video service: its capabilities, put together from the parts a host has."""

from dataclasses import dataclass
from typing import ClassVar

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import NotFound
from quadrangle.videos.captions.captions import Captions
from quadrangle.videos.gallery.gallery import Gallery
from quadrangle.videos.links import Links
from quadrangle.videos.model import Video
from quadrangle.videos.ports import Queue, Shelves, VideoStore
from quadrangle.videos.streaming.ports import Granting
from quadrangle.videos.streaming.watching import Watching
from quadrangle.videos.uploads.known import KnownUploads


@dataclass(frozen=True)
class VideoParts:
    """What the service is put together from. `links` and `grants` sign, by one secret or two;
    `runtime` is the source system's word for what it runs on: "local" or "lambda"."""

    store: VideoStore
    queue: Queue
    uploads: KnownUploads
    shelves: Shelves
    links: Links
    grants: Granting
    public_url: str
    clock: Clock
    runtime: str = "local"


class VideoService:
    """Everything that can be done with videos."""

    injected_as: ClassVar[str] = "videos"

    def __init__(self, parts: VideoParts) -> None:
        p = parts
        self.public_url, self.clock, self.runtime = p.public_url, p.clock, p.runtime
        self.links, self.grants, self.uploads = p.links, p.grants, p.uploads
        self.shelves = p.shelves
        self.gallery = Gallery(p.store, p.queue, p.shelves, self.links, p.clock)
        self.watching = Watching(self.gallery, self.grants, p.store, self.links, p.clock)
        self.captions = Captions(self.gallery, p.shelves, p.clock)

    async def picture(self, video: Video, name: str) -> bytes:
        """Return a still of a video. Raises NotFound."""
        try:
            return await self.shelves.read(video.key, video.details.folder, name)
        except NotFound as error:
            raise NotFound("There is no picture of this video yet.") from error
