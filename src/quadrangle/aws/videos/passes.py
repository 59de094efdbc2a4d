"""Passes for media at CloudFront: cookies for all of one video, signed addresses for pictures and
for files to take along."""

import base64
from datetime import UTC, datetime, timedelta

from botocore.signers import CloudFrontSigner

from quadrangle.aws.base.front_signing import FrontSigner
from quadrangle.aws.videos import keys
from quadrangle.kernel.clock import Clock
from quadrangle.videos.model import Video
from quadrangle.videos.shared_links.model import SharedLink
from quadrangle.videos.streaming.grants import expiry_of, files_of, instant_of, seconds_until
from quadrangle.videos.streaming.ports import Grant, Pass

# CloudFront asks nobody: whoever may see a video no more sees it for as long as this at the most.
# Players renew what they have, and whether they may is looked up then.
HOLDS = timedelta(minutes=4)
_REPLACED = str.maketrans("+=/", "-_~")


class CloudFrontGrants:
    """Implements videos.streaming.ports.Granting.

    Addresses are those of the bucket's objects, at `pages`, the address of the distribution.
    """

    def __init__(self, signer: FrontSigner, pages: str, clock: Clock) -> None:
        self._signer = signer
        self._pages = pages.rstrip("/")
        self._clock = clock

    def give(self, video: Video, *, is_own: bool = False, link: SharedLink | None = None) -> Grant:
        now = self._clock.now()
        expiry = expiry_of(video, now, HOLDS, is_own=is_own, link=link)
        below = f"/{keys.media(video.key)}"
        seconds = seconds_until(expiry, now)
        passes = tuple(
            Pass(name, value, below, seconds) for name, value in self._cookies(below, expiry)
        )
        folder = video.details.folder
        path = f"/{keys.rendition(video.key, folder)}" if folder else below
        captions = f"/{keys.captions(video.key)}"
        names = files_of(video, is_own=is_own) if folder else ()
        files = {
            name: self._signed(keys.file_of(video.key, folder, name), expiry) for name in names
        }
        return Grant(path, captions, instant_of(expiry), seconds, passes, files)

    def still(
        self, video: Video, file: str, *, is_own: bool = False, link: SharedLink | None = None
    ) -> str:
        expiry = expiry_of(video, self._clock.now(), HOLDS, is_own=is_own, link=link)
        return self._signed(keys.rendition(video.key, video.details.folder) + file, expiry)

    def _signed(self, key: str, expiry: int) -> str:
        """Return the address of one object, which opens by itself."""
        signer, until = CloudFrontSigner(*self._signer.key()), datetime.fromtimestamp(expiry, UTC)
        url = signer.generate_presigned_url(f"{self._pages}/{key}", date_less_than=until)
        return url.removeprefix(self._pages)

    def _cookies(self, below: str, expiry: int) -> list[tuple[str, str]]:
        policy = (
            f'{{"Statement":[{{"Resource":"{self._pages}{below}*",'
            f'"Condition":{{"DateLessThan":{{"AWS:EpochTime":{expiry}}}}}}}]}}'
        ).encode()
        key_id, sign = self._signer.key()
        return [
            ("CloudFront-Policy", _encoded(policy)),
            ("CloudFront-Signature", _encoded(sign(policy))),
            ("CloudFront-Key-Pair-Id", key_id),
        ]


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode().translate(_REPLACED)
