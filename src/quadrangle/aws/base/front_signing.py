"""Signs what CloudFront lets in by: addresses, and cookies.

This module brings in `cryptography`: functions import it with the first that is signed.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import cast

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from quadrangle.aws.base.front_keys import FrontKey
from quadrangle.kernel.errors import Unavailable


class FrontSigner:
    """Signs by the first key that CloudFront knows."""

    def __init__(self, keys: Callable[[], list[FrontKey]], ids: Mapping[str, str]) -> None:
        """`ids` are CloudFront's names of the keys by slot, empty for a slot without one. `keys`
        raises Unavailable."""
        self._keys = keys
        self._ids = ids

    def key(self) -> tuple[str, Callable[[bytes], bytes]]:
        """Return CloudFront's name of the key that signs now, and what signs. Raises
        Unavailable."""
        known = [key for key in self._keys() if self._ids.get(key.slot)]
        if not known:
            raise Unavailable() from LookupError("CloudFront knows no key of this secret.")
        return self._ids[known[0].slot], lambda text: _sign(known[0], text)


def _sign(key: FrontKey, text: bytes) -> bytes:
    # The hash that CloudFront demands. Nobody else chooses what is signed, so collisions of SHA-1
    # do not help anyone.
    return _loaded(key.private).sign(text, PKCS1v15(), SHA1())  # noqa: S303


@lru_cache(maxsize=2)
def _loaded(private: str) -> RSAPrivateKey:
    """Loading takes longer than signing. That the key is sound was seen when it was made."""
    key = load_pem_private_key(private.encode(), None, unsafe_skip_rsa_key_validation=True)
    return cast(RSAPrivateKey, key)
