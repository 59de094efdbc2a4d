"""The video service of the functions."""

import hashlib
from functools import cached_property

from quadrangle.aws.base.clients import client
from quadrangle.aws.base.front_keys import SecretFrontKeys
from quadrangle.aws.base.secret_text import SecretText
from quadrangle.aws.videos.part_files import S3PartFiles
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.videos.elsewhere import WorkersElsewhere
from quadrangle.hosts.shared.cloud_videos import CloudVideos, CloudVideoSettings
from quadrangle.kernel.errors import KeysUnusable
from quadrangle.kernel.lazily import lazily
from quadrangle.videos.links import Links
from quadrangle.videos.service import VideoParts, VideoService
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

    def __init__(self, parts: FunctionParts, cloud: CloudVideos) -> None:
        self._parts = parts
        self._cloud = cloud
        self._workers = WorkersElsewhere()

    @cached_property
    def uploads(self) -> PartUploads:
        settings, cloud = self._parts.environment, self._cloud
        limits = UploadLimits(
            largest=settings.video_largest * _MB,
            quota=settings.video_quota * _MB,
            hours=settings.video_upload_hours,
        )
        files, lacking = S3PartFiles(cloud.objects), self._workers.lacking
        return PartUploads(cloud.uploads, files, limits, cloud.clock, lacking)

    @cached_property
    def videos(self) -> VideoService:
        cloud, parts = self._cloud, self._parts
        return VideoService(
            VideoParts(
                store=cloud.store,
                queue=cloud.queue,
                uploads=self.uploads,
                shelves=cloud.shelves,
                links=lazily(lambda: Links(_secret(parts))),
                grants=lazily(lambda: _grants(parts)),
                public_url=parts.environment.public_url,
                clock=cloud.clock,
                runtime="lambda",
            )
        )


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
