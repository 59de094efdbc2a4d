"""Short-lived addresses of pictures, which CloudFront reads from the private bucket.

This module brings in `cryptography`: functions import it with the first picture that is asked for.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from botocore.signers import CloudFrontSigner

from quadrangle.aws.base.front_keys import FrontKey
from quadrangle.aws.base.front_signing import FrontSigner
from quadrangle.issues.photos.ports import PhotoLink
from quadrangle.kernel.clock import Clock

LIFE_S = 15 * 60


class CloudFrontPhotoLinks:
    """Implements issues.ports.PhotoLinks with signed URLs of a canned policy.

    The file of a key is at that path of the pages' own address. CloudFront checks signature and
    end of an address by itself, and asks nobody.
    """

    def __init__(
        self,
        keys: Callable[[], list[FrontKey]],
        ids: Mapping[str, str],
        pages: str,
        clock: Clock,
    ) -> None:
        """`ids` are CloudFront's names of the keys by slot, empty for a slot without one; `pages`
        is the address of the pages, e.g. https://campus.example. `keys` raises Unavailable."""
        self._signer = FrontSigner(keys, ids)
        self._pages = pages.rstrip("/")
        self._clock = clock

    def link(self, key: str) -> PhotoLink:
        signer = CloudFrontSigner(*self._signer.key())
        until = self._clock.now() + timedelta(seconds=LIFE_S)
        url = signer.generate_presigned_url(f"{self._pages}/{key}", date_less_than=until)
        return PhotoLink(url, LIFE_S)
