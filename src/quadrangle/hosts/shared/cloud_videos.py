"""What functions and machines on AWS have of videos: rows in PostgreSQL, files on S3, calls."""

from functools import cached_property
from pathlib import Path

import msgspec
import structlog

from quadrangle.aws.base.clients import client, client_later
from quadrangle.aws.videos.calls import TurnQueue
from quadrangle.aws.videos.credentials import SecretCredentials
from quadrangle.aws.videos.objects import Objects
from quadrangle.aws.videos.shelves import S3Shelves
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Unavailable
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.signal import NotedSignal
from quadrangle.sql.jobs.picked import PickedJobs
from quadrangle.sql.videos.calls import SqlCalls
from quadrangle.sql.videos.course_people import SqlCourseStore
from quadrangle.sql.videos.queue import SqlQueue
from quadrangle.sql.videos.shared_links import SqlSharedLinks
from quadrangle.sql.videos.sharing import SqlSharingStore
from quadrangle.sql.videos.store import SqlVideoStore
from quadrangle.sql.videos.uploads import SqlUploadStore
from quadrangle.sql.videos.wishes import SqlWishes
from quadrangle.videos.processing.ports import Transcoder
from quadrangle.videos.processing.working import POLICY, PlanSettings, Processing, ProcessingParts
from quadrangle.videos.speech.listening import Listening, ListeningParts
from quadrangle.videos.speech.ports import Recognizer

log = structlog.get_logger(__name__)
GALLERY_TABLES = ("video_jobs", "gallery_videos")


class CloudVideoSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where things are. `database` is a URL without name and password, which are in the secret
    `login` ("": the URL has them); `queue` is the URL of the queue that calls workers. `slots` is
    how many videos are processed at once."""

    database: str
    login: str = ""
    schema: str = ""
    bucket: str = ""
    queue: str = ""
    slots: int = 4


class CloudVideos:
    """Made without reaching anything. One request or job is busy at a time, so one reader is
    enough: a database of this size has some hundred connections."""

    def __init__(
        self, settings: CloudVideoSettings, clock: Clock, work: Path | None = None
    ) -> None:
        self.settings = settings
        self.clock = clock
        self._work = work
        self.signal = NotedSignal()

    @cached_property
    def database(self) -> Database:
        chosen, login = self.settings, None
        if chosen.login:
            login = SecretCredentials(client("secretsmanager"), chosen.login, self.clock)
        return Database(
            chosen.database,
            signal=self.signal,
            schema=chosen.schema or None,
            credentials=login,
            readers=1,
        )

    @cached_property
    def objects(self) -> Objects:
        return Objects(client_later("s3"), self.settings.bucket)

    @cached_property
    def shelves(self) -> S3Shelves:
        return S3Shelves(self.objects, self._work)

    @cached_property
    def store(self) -> SqlVideoStore:
        return SqlVideoStore(self.database, self.settings.slots)

    @cached_property
    def queue(self) -> SqlQueue:
        return SqlQueue(self.database, self.settings.slots)

    @cached_property
    def uploads(self) -> SqlUploadStore:
        return SqlUploadStore(self.database, self.settings.slots)

    @cached_property
    def shared_links(self) -> SqlSharedLinks:
        return SqlSharedLinks(self.database)

    @cached_property
    def sharing(self) -> SqlSharingStore:
        return SqlSharingStore(self.database)

    @cached_property
    def courses(self) -> SqlCourseStore:
        return SqlCourseStore(self.database)

    @cached_property
    def jobs(self) -> PickedJobs:
        return PickedJobs(self.database, self.clock, POLICY)

    @cached_property
    def turns(self) -> TurnQueue:
        return TurnQueue(client_later("sqs"), self.settings.queue)

    def processing(self, transcoder: Transcoder, threads: int = 0) -> Processing:
        return Processing(
            ProcessingParts(
                store=self.store,
                queue=self.queue,
                shelves=self.shelves,
                transcoder=transcoder,
                clock=self.clock,
                plan=PlanSettings(threads=threads),
            )
        )

    def listening(self, recognizer: Recognizer) -> Listening:
        return Listening(
            ListeningParts(
                store=self.store,
                shelves=self.shelves,
                wishes=SqlWishes(self.database),
                recognizer=recognizer,
                clock=self.clock,
            )
        )

    async def call_workers(self) -> int:
        """Send a call for each turn that nobody was told of; return how many. Raises
        Unavailable."""
        calls = SqlCalls(self.database)
        due = await calls.to_call(self.clock.now())
        left = await self.turns.send(due) if due else []
        await calls.not_called(left)
        return len(due) - len(left)

    async def call_workers_if_new(self) -> None:
        """The same, where something was committed here since. What fails is done by the sweep."""
        if not self.signal.take():
            return
        try:
            await self.call_workers()
        except Unavailable as error:
            log.warning("workers are called later", cause=repr(error.__cause__ or error))
