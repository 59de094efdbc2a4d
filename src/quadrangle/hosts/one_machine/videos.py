"""The video service on one machine."""

import secrets
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from quadrangle.hosts.one_machine import video_upkeep
from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.service import ServiceHost, Task
from quadrangle.hosts.one_machine.settings import Settings, SettingsError
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.films import FilmSource
from quadrangle.kernel.ids import is_id
from quadrangle.kernel.jobs import NewJob
from quadrangle.kernel.lazily import lazily
from quadrangle.kernel.mail import MailQueue
from quadrangle.machine.keys import key_files
from quadrangle.machine.videos.shelves import DirectoryShelves
from quadrangle.machine.videos.upload_files import DirectoryUploads
from quadrangle.sql.base.schemas import SchemaTaken, is_schema, put_apart
from quadrangle.sql.videos.course_people import SqlCourseFeeds, SqlCourseStore
from quadrangle.sql.videos.positions import SqlPositions
from quadrangle.sql.videos.queue import SqlQueue
from quadrangle.sql.videos.queue_log import SqlQueueLog
from quadrangle.sql.videos.shared_links import SqlSharedLinks
from quadrangle.sql.videos.sharing import SqlSharingStore
from quadrangle.sql.videos.store import SqlVideoStore
from quadrangle.sql.videos.taken_down import SqlTakenDownLog
from quadrangle.sql.videos.uploads import SqlUploadStore
from quadrangle.sql.videos.wishes import SqlWishes
from quadrangle.videos.arriving.arriving import Arriving
from quadrangle.videos.courses.reactions import CourseReactions
from quadrangle.videos.declared import STRIPPED, VIDEOS
from quadrangle.videos.jobs import SWEEP, TIDY
from quadrangle.videos.links import Links
from quadrangle.videos.offering.origin_rules import is_origin
from quadrangle.videos.offering.rules import ANY
from quadrangle.videos.processing.ports import Transcoder
from quadrangle.videos.processing.working import POLICY, PlanSettings, Processing, ProcessingParts
from quadrangle.videos.publishing_rules import Publishers
from quadrangle.videos.reactions import VideoReactions
from quadrangle.videos.rules import READY
from quadrangle.videos.service import VideoParts, VideoService
from quadrangle.videos.shared_links.ports import LinkPasswords
from quadrangle.videos.sharing.ports import People
from quadrangle.videos.speech.asking import Hearing, is_choice
from quadrangle.videos.speech.listening import POLICY as LISTENING
from quadrangle.videos.speech.listening import Listening, ListeningParts
from quadrangle.videos.speech.ports import Recognizer
from quadrangle.videos.streaming.grants import Grants
from quadrangle.videos.sweeping import Sweeping
from quadrangle.videos.taking_down.letters import TakenDownLetters
from quadrangle.videos.telling.telling import Telling
from quadrangle.videos.tidying.tidying import DailyTidying
from quadrangle.videos.uploads.model import UploadLimits
from quadrangle.videos.uploads.receiving import Uploads

if TYPE_CHECKING:
    from quadrangle.hosts.shared.http_app import RouteGroup
    from quadrangle.hosts.shared.mounts import Mount
    from quadrangle.http.common import Common

KEY_BYTES = 32
_MB = 2**20
_GALLERY_TABLES = ("video_jobs", "gallery_videos")


class VideosHost(ServiceHost):
    declared = VIDEOS

    def __init__(
        self,
        parts: MachineParts,
        people: People,
        link_passwords: LinkPasswords,
        films: FilmSource,
        mail: MailQueue,
        transcoder: Transcoder | None = None,
        recognizer: Recognizer | None = None,
    ) -> None:
        """`transcoder` and `recognizer` take the place of this machine's programs."""
        self._people = people
        self._films = films
        self._mail = mail
        settings, database = parts.settings, parts.database
        self._parts = parts
        self._transcoder = transcoder or lazily(self._make_transcoder)
        self._recognizer = recognizer or lazily(self._make_recognizer)
        root = settings.data / "videos"
        self._shelves = DirectoryShelves(root)
        self._files = DirectoryUploads(root)
        self.store = SqlVideoStore(database, settings.video_jobs)
        self.queue = SqlQueue(database, settings.video_jobs)
        self._shared_links = SqlSharedLinks(database)
        self._link_passwords = link_passwords
        self._uploads = SqlUploadStore(database, settings.video_jobs)
        self._sharing = SqlSharingStore(database)
        self.courses = SqlCourseStore(database)

    @cached_property
    def service(self) -> VideoService:
        parts = self._parts
        settings = parts.settings
        return VideoService(
            VideoParts(
                store=self.store,
                sharing=self._sharing,
                courses=self.courses,
                course_feeds=SqlCourseFeeds(parts.database),
                positions=SqlPositions(parts.database),
                people=self._people,
                queue=self.queue,
                uploads=self.uploads,
                shelves=self._shelves,
                jobs=parts.jobs,
                embed_origins=settings.embed_origins,
                time_zone=settings.time_zone,
                queue_log=SqlQueueLog(parts.database),
                taken_down_log=SqlTakenDownLog(parts.database),
                slots=settings.video_jobs,
                shared_links=self._shared_links,
                link_passwords=self._link_passwords,
                hearing=Hearing(self._recognizer, parts.jobs, settings.video_speech_language),
                links=self._links,
                grants=self.grants,
                public_url=settings.public_url,
                publishers=Publishers(settings.video_publishers),
                clock=parts.clock,
            )
        )

    @cached_property
    def uploads(self) -> Uploads:
        settings = self._parts.settings
        limits = UploadLimits(
            largest=settings.video_largest * _MB,
            quota=settings.video_quota * _MB,
            hours=settings.video_upload_hours,
            publishers=Publishers(settings.video_publishers),
        )
        return Uploads(
            self._uploads,
            self._files,
            limits,
            self._parts.clock,
            self._transcoder.lacking,
            lambda video_id, who: self.service.editing.require_replaceable(video_id, who),
        )

    @cached_property
    def grants(self) -> Grants:
        return Grants(self.store, self._shared_links, self._links, self._parts.clock)

    @cached_property
    def _links(self) -> Links:
        return Links(self._secret())

    def _make_transcoder(self) -> Transcoder:
        from quadrangle.machine.videos.transcoder import SandboxTranscoder

        return SandboxTranscoder()

    def _make_recognizer(self) -> Recognizer:
        from quadrangle.machine.videos.speech.recognizer import (
            RecognizerSettings,
            SandboxRecognizer,
        )

        model = self._parts.settings.video_speech_model
        folder = Path(model).expanduser().absolute() if model else None
        return SandboxRecognizer(RecognizerSettings(model=folder))

    def _secret(self) -> bytes:
        path = self._parts.settings.data / "keys" / "videos.key"
        return key_files.load_or_make(path, lambda: secrets.token_bytes(KEY_BYTES))

    @classmethod
    def check_settings(cls, settings: Settings) -> None:
        if settings.database_schema and not is_schema(settings.database_schema):
            raise SettingsError(
                "QUADRANGLE_DATABASE_SCHEMA takes small letters, digits and underscores."
            )
        if settings.video_largest < 1 or settings.video_jobs < 1 or settings.video_upload_hours < 1:
            raise SettingsError("Limits of videos must be at least 1.")
        if not all(each == ANY or is_origin(each) for each in settings.embed_origins):
            raise SettingsError(
                "QUADRANGLE_EMBED_ORIGINS takes origins such as https://moodle.campus.example,"
                " with http for this machine alone."
            )
        if settings.time_zone and settings.time_zone not in available_timezones():
            raise SettingsError("QUADRANGLE_TIME_ZONE takes a name such as Europe/Amsterdam.")
        if not is_choice(settings.video_speech_language):
            raise SettingsError(
                "QUADRANGLE_VIDEO_SPEECH_LANGUAGE takes a language's code such as en, auto or none."
            )

    # -- the server ---------------------------------------------------------------------------

    async def first_start(self) -> list[str]:
        """Put the tables where the operator wants them, and have the first sweep made."""
        try:
            await put_apart(self._parts.database, *_GALLERY_TABLES)
        except SchemaTaken as error:
            raise SettingsError(f"QUADRANGLE_DATABASE_SCHEMA: {error}") from error
        await self._parts.jobs.put(NewJob(SWEEP, {}, name=SWEEP), NewJob(TIDY, {}, name=TIDY))
        lacking = await self._transcoder.lacking()
        return [f"  No videos can be uploaded: {lacking}"] if lacking else []

    def http(self, common: "Common") -> "RouteGroup":
        from quadrangle.hosts.shared.http_app import RouteGroup
        from quadrangle.videos.http.routes import ROUTES

        return RouteGroup(ROUTES, [self.service])

    def mounts(self, common: "Common") -> "Sequence[Mount]":
        from quadrangle.hosts.shared.page_policy import embed_page, held_by
        from quadrangle.videos.http.media import Media
        from quadrangle.videos.http.sharing.embed import Embed
        from quadrangle.videos.http.sharing.podcast import Podcast, sent_from
        from quadrangle.videos.http.uploads.tus import Tus

        return [
            Media(self.grants, self._shelves.place),
            Podcast(self.service.feeds, sent_from(self._shelves.sound)),
            Tus(self.uploads, common),
            Embed(self.service.offering, embed_page, held_by),
        ]

    def aliases(self) -> Mapping[str, str]:
        return STRIPPED

    # -- the worker ---------------------------------------------------------------------------

    async def title_of(self, video_id: str) -> str | None:
        """Return what a video is called, None of one that is gone. Raises Unavailable."""
        video = await self.store.get(int(video_id)) if video_id.isdecimal() else None
        return None if video is None else video.title

    async def course_title_of(self, course_id: str) -> str | None:
        """The same of a course."""
        course = await self.courses.get(course_id) if is_id(course_id) else None
        return None if course is None else course.title

    def reactions(self) -> Sequence[Reaction]:
        clock = self._parts.clock
        of_videos = VideoReactions(
            self.store, self._uploads, self._shared_links, self._sharing, clock
        )
        speech = Reaction("videos.listen", frozenset({READY}), self.service.speech.when_ready)
        of_courses = CourseReactions(self.courses, clock)
        of_films = self._arriving().reactions()
        return [
            *of_videos.all(),
            *of_courses.all(),
            *self._taken_down().reactions(),
            speech,
            *of_films,
            *self._telling().reactions(),
        ]

    def _arriving(self) -> Arriving:
        return Arriving(
            self._films,
            self.uploads,
            self._uploads,
            self._files,
            self.store,
            self._sharing,
            self._parts.clock,
        )

    def tasks(self) -> Mapping[str, Task]:
        parts = self._parts
        plan = PlanSettings(threads=parts.settings.video_threads)
        processing = Processing(
            ProcessingParts(
                store=self.store,
                queue=self.queue,
                shelves=self._shelves,
                transcoder=self._transcoder,
                clock=parts.clock,
                plan=plan,
            )
        )
        listening = self._listening()
        sweeping = Sweeping(
            processing,
            self.uploads,
            self._uploads,
            self.store,
            self.queue,
            parts.jobs,
            parts.clock,
            listening,
        )
        tidying = DailyTidying(video_upkeep.tidying(parts), parts.jobs, parts.clock)
        handlers = {**processing.handlers(), SWEEP: sweeping.sweep, TIDY: tidying.handle}
        handlers |= self._telling().handlers()
        tasks = {name: Task(handle, POLICY) for name, handle in handlers.items()}
        for name, handle in listening.handlers().items():
            tasks[name] = Task(handle, LISTENING)
        return tasks

    async def check(self) -> list[str]:
        """Return sentences about files that are missing, and about those no record names."""
        return await video_upkeep.tidying(self._parts).check()

    def _taken_down(self) -> TakenDownLetters:
        url = self._parts.settings.public_url
        return TakenDownLetters(self._people, self._mail, url)

    def _telling(self) -> Telling:
        return video_upkeep.telling(
            self._parts, self.store, self._sharing, self._people, self._mail
        )

    def _listening(self) -> Listening:
        return Listening(
            ListeningParts(
                store=self.store,
                shelves=self._shelves,
                wishes=SqlWishes(self._parts.database),
                recognizer=self._recognizer,
                clock=self._parts.clock,
            )
        )
