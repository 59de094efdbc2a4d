"""The video service of the functions."""

import hashlib
from functools import cached_property

from quadrangle.accounts.service import AccountService
from quadrangle.aws.base.clients import client
from quadrangle.aws.base.front_keys import SecretFrontKeys
from quadrangle.aws.base.secret_text import SecretText
from quadrangle.aws.videos.part_files import S3PartFiles
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.videos.elsewhere import NobodyHears, WorkersElsewhere, WorkersHear
from quadrangle.hosts.shared.cloud_videos import CloudVideos, CloudVideoSettings
from quadrangle.hosts.shared.errands import CalledJobs
from quadrangle.kernel.errors import KeysUnusable
from quadrangle.kernel.jobs import Jobs
from quadrangle.kernel.lazily import lazily
from quadrangle.sql.jobs.jobs import SqlJobs
from quadrangle.sql.videos.course_people import SqlCourseFeeds
from quadrangle.sql.videos.positions import SqlPositions
from quadrangle.sql.videos.queue_log import SqlQueueLog
from quadrangle.sql.videos.taken_down import SqlTakenDownLog
from quadrangle.videos.links import Links
from quadrangle.videos.publishing_rules import Publishers
from quadrangle.videos.service import VideoParts, VideoService
from quadrangle.videos.speech.asking import NONE, Hearing
from quadrangle.videos.streaming.ports import Granting
from quadrangle.videos.uploads.model import UploadLimits
from quadrangle.videos.uploads.parting import PartUploads

_MB = 2**20
_LEAST_KEY = 32  # signs of the secret


def cloud_videos(parts: FunctionParts) -> CloudVideos:
    settings = parts.environment
    return CloudVideos(
        CloudVideoSettings(
            database=settings.video_database,
            login=settings.video_login,
            schema=settings.video_schema,
            bucket=settings.videos_bucket,
            queue=settings.video_queue,
            slots=settings.video_slots,
        ),
        parts.clock,
    )


class VideoFacades:
    """What handlers are given."""

    def __init__(self, parts: FunctionParts, cloud: CloudVideos, accounts: AccountService) -> None:
        self._parts = parts
        self._accounts = accounts
        self._cloud = cloud
        self._workers = WorkersElsewhere()

    @cached_property
    def uploads(self) -> PartUploads:
        settings, cloud = self._parts.environment, self._cloud
        limits = UploadLimits(
            largest=settings.video_largest * _MB,
            quota=settings.video_quota * _MB,
            hours=settings.video_upload_hours,
            publishers=Publishers(settings.video_publishers),
        )
        return PartUploads(
            cloud.uploads,
            S3PartFiles(cloud.objects),
            limits,
            cloud.clock,
            self._workers.lacking,
            lambda video_id, who: self.videos.editing.require_replaceable(video_id, who),
        )

    @cached_property
    def videos(self) -> VideoService:
        cloud, parts, accounts = self._cloud, self._parts, self._accounts
        jobs = CalledJobs(SqlJobs(cloud.database, cloud.clock))
        return VideoService(
            VideoParts(
                store=cloud.store,
                sharing=cloud.sharing,
                courses=cloud.courses,
                course_feeds=SqlCourseFeeds(cloud.database),
                positions=SqlPositions(cloud.database),
                people=lazily(lambda: accounts.video_people),
                queue_log=SqlQueueLog(cloud.database),
                taken_down_log=SqlTakenDownLog(cloud.database),
                slots=cloud.settings.slots,
                shared_links=cloud.shared_links,
                link_passwords=lazily(lambda: accounts.shared_secrets),
                jobs=jobs,
                embed_origins=named_in(parts.environment.embed_origins),
                time_zone=parts.environment.time_zone,
                hearing=self._hearing(jobs),
                queue=cloud.queue,
                uploads=self.uploads,
                shelves=cloud.shelves,
                links=lazily(lambda: Links(_secret(parts))),
                grants=lazily(lambda: _grants(parts)),
                public_url=parts.environment.public_url,
                publishers=Publishers(parts.environment.video_publishers),
                clock=cloud.clock,
                runtime="lambda",
                sends_files=False,  # API Gateway passes texts on
            )
        )

    def _hearing(self, jobs: Jobs) -> Hearing:
        language = self._parts.environment.video_speech_language
        return Hearing(WorkersHear() if language else NobodyHears(), jobs, language or NONE)


def named_in(text: str) -> tuple[str, ...]:
    """Return what a setting names, with commas between."""
    return tuple(each.strip() for each in text.split(",") if each.strip())


def _secret(parts: FunctionParts) -> bytes:
    """Return it, asked for now. Raises KeysUnusable, Unavailable."""
    name = parts.environment.video_keys
    text = SecretText(client("secretsmanager"), name, parts.clock).current()
    if len(text) < _LEAST_KEY:
        raise KeysUnusable(f"The key of videos in the secret {name} is damaged.")
    return hashlib.sha256(text.encode()).digest()


def _grants(parts: FunctionParts) -> Granting:
    from quadrangle.aws.base.front_signing import FrontSigner
    from quadrangle.aws.videos.passes import CloudFrontGrants

    settings = parts.environment
    keys = SecretFrontKeys(client("secretsmanager"), settings.photo_keys, parts.clock)
    signer = FrontSigner(keys.current, settings.photo_key_ids)
    return CloudFrontGrants(signer, settings.public_url, parts.clock)
