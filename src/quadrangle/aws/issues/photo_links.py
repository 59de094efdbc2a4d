"""Short-lived addresses of pictures, which CloudFront reads from the private bucket.

This module brings in `cryptography`: functions import it with the first picture that is asked for.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import cast

from botocore.signers import CloudFrontSigner
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from quadrangle.aws.issues.photo_keys import PhotoKey
from quadrangle.issues.photos.ports import PhotoLink
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Unavailable

LIFE_S = 15 * 60


class CloudFrontPhotoLinks:
    """Implements issues.ports.PhotoLinks with signed URLs of a canned policy.

    The file of a key is at that path of the pages' own address. CloudFront checks signature and
    end of an address by itself, and asks nobody.
    """

    def __init__(
        self,
        keys: Callable[[], list[PhotoKey]],
        ids: Mapping[str, str],
        pages: str,
        clock: Clock,
    ) -> None:
        """`ids` are CloudFront's names of the keys by slot, empty for a slot without one; `pages`
        is the address of the pages, e.g. https://campus.example. `keys` raises Unavailable."""
        self._keys = keys
        self._ids = ids
        self._pages = pages.rstrip("/")
        self._clock = clock

    def link(self, key: str) -> PhotoLink:
        signing = self._signing_key()
        signer = CloudFrontSigner(self._ids[signing.slot], lambda text: _sign(signing, text))
        until = self._clock.now() + timedelta(seconds=LIFE_S)
        url = signer.generate_presigned_url(f"{self._pages}/{key}", date_less_than=until)
        return PhotoLink(url, LIFE_S)

    def _signing_key(self) -> PhotoKey:
        known = [key for key in self._keys() if self._ids.get(key.slot)]
        if not known:
            raise Unavailable() from LookupError("CloudFront knows no key of this secret.")
        return known[0]


def _sign(key: PhotoKey, text: bytes) -> bytes:
    # The hash that CloudFront demands. Nobody else chooses what is signed, so collisions of SHA-1
    # do not help anyone.
    return _loaded(key.private).sign(text, PKCS1v15(), SHA1())  # noqa: S303


@lru_cache(maxsize=2)
def _loaded(private: str) -> RSAPrivateKey:
    """Loading takes longer than signing. That the key is sound was seen when it was made."""
    key = load_pem_private_key(private.encode(), None, unsafe_skip_rsa_key_validation=True)
    return cast(RSAPrivateKey, key)
