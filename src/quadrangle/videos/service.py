"""The video service: its capabilities, put together from the parts a host has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from quadrangle.kernel.clock import Clock, zone_of
from quadrangle.kernel.errors import NotFound
from quadrangle.kernel.jobs import Jobs
from quadrangle.videos.captions.captions import Captions
from quadrangle.videos.chapters.chapters import Chapters
from quadrangle.videos.courses.courses import Courses
from quadrangle.videos.courses.feeds import CourseFeeds
from quadrangle.videos.courses.ports import CourseStore, FeedStore
from quadrangle.videos.courses.teaching import Teaching
from quadrangle.videos.editing.editing import Editing
from quadrangle.videos.gallery.gallery import Gallery
from quadrangle.videos.links import Links
from quadrangle.videos.model import Video
from quadrangle.videos.offering.offering import Offering
from quadrangle.videos.oversight.oversight import Oversight
from quadrangle.videos.oversight.ports import QueueLog
from quadrangle.videos.plays.plays import Plays
from quadrangle.videos.ports import Queue, Shelves, VideoStore
from quadrangle.videos.publishing_rules import Publishers
from quadrangle.videos.resuming.ports import PositionStore
from quadrangle.videos.resuming.resuming import Resuming
from quadrangle.videos.shared_links.ports import LinkPasswords, SharedLinkStore
from quadrangle.videos.shared_links.shared_links import SharedLinks
from quadrangle.videos.sharing.ports import People, SharingStore
from quadrangle.videos.sharing.sharing import Sharing
from quadrangle.videos.speech.asking import Asking, Hearing
from quadrangle.videos.streaming.ports import Granting
from quadrangle.videos.streaming.watching import Watching
from quadrangle.videos.taking_down.ports import TakenDownLog
from quadrangle.videos.taking_down.taking_down import TakingDown
from quadrangle.videos.uploads.known import KnownUploads


@dataclass(frozen=True)
class VideoParts:
    """What the service is put together from. `links` and `grants` sign, by one secret or two;
    `slots` is how many videos are processed at once; `runtime` is the source system's word for what
    it runs on: "local" or "lambda". `time_zone` is the campus's, "" for UTC. `sends_files`: what is
    no text can be an answer; else answers lead to where it is. `publishers` may show videos to
    everyone."""

    store: VideoStore
    sharing: SharingStore
    courses: CourseStore
    course_feeds: FeedStore
    positions: PositionStore
    people: People
    queue: Queue
    uploads: KnownUploads
    shelves: Shelves
    queue_log: QueueLog
    taken_down_log: TakenDownLog
    jobs: Jobs
    embed_origins: Sequence[str]
    time_zone: str
    slots: int
    shared_links: SharedLinkStore
    link_passwords: LinkPasswords
    hearing: Hearing
    links: Links
    grants: Granting
    public_url: str
    clock: Clock
    runtime: str = "local"
    sends_files: bool = True
    publishers: Publishers = Publishers.ANYONE


class VideoService:
    """Everything that can be done with videos."""

    injected_as: ClassVar[str] = "videos"

    def __init__(self, parts: VideoParts) -> None:
        p, zone = parts, zone_of(parts.time_zone)
        self.public_url, self.clock, self.runtime = p.public_url, p.clock, p.runtime
        self.sends_files = p.sends_files
        self.links, self.grants, self.uploads = p.links, p.grants, p.uploads
        self.shelves = p.shelves
        self.shared = SharedLinks(p.shared_links, p.link_passwords, self.links, p.clock)
        self.gallery = Gallery(
            p.store, p.sharing, p.queue, p.shelves, self.links, self.shared, p.clock, p.publishers
        )
        self.taking_down = TakingDown(self.gallery, p.store, p.taken_down_log, p.clock)
        self.courses = Courses(p.courses, self.gallery, p.people, p.clock)
        self.teaching = Teaching(p.courses, self.courses, p.people, p.clock)
        self.sharing = Sharing(self.gallery, p.sharing, p.people, self.courses.of_video, p.clock)
        self.feeds = CourseFeeds(p.course_feeds, self.courses, self.gallery, p.people, p.clock)
        self.watching = Watching(self.gallery, self.grants, p.store, self.links, p.clock, zone)
        self.editing = Editing(self.gallery, p.queue, p.clock)
        self.time_zone = p.time_zone
        self.offering = Offering(self.gallery, p.jobs, p.clock, p.embed_origins)
        self.resuming = Resuming(self.gallery, p.positions, p.clock)
        self.plays = Plays(p.store, p.clock, zone)
        self.oversight = Oversight(p.queue_log, p.store, p.queue, p.slots, p.clock)
        self.captions = Captions(self.gallery, p.shelves, p.clock)
        self.chapters = Chapters(self.gallery, p.clock)
        self.speech = Asking(self.gallery, p.store, p.hearing, p.clock)

    async def picture(self, video: Video, name: str) -> bytes:
        """Return a still of a video. Raises NotFound."""
        try:
            return await self.shelves.read(video.key, video.details.folder, name)
        except NotFound as error:
            raise NotFound("There is no picture of this video yet.") from error
