"""The RSA keys that sign addresses at CloudFront, in one secret of Secrets Manager.

CloudFront knows the public half of a key by an id, which it gives out when the half is deployed
(deploy/aws/shared.yaml). There are two slots for them, so that a key is known everywhere before it
signs; the first key of the secret that CloudFront knows does. tools/photo_keys.py makes and
replaces keys.
"""

from typing import Any, Literal

import msgspec

from quadrangle.aws.base.errors import translated
from quadrangle.aws.base.remembered import Remembered
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Unavailable

Slot = Literal["a", "b"]


class FrontKey(msgspec.Struct, frozen=True):
    """A key of 2048 bits. `private` is its private half in PEM."""

    slot: Slot
    private: str

    def __repr__(self) -> str:
        return f"FrontKey({self.slot})"


class _Content(msgspec.Struct, frozen=True):
    keys: list[FrontKey]


def encode_front_keys(keys: list[FrontKey]) -> str:
    return msgspec.json.encode(_Content(keys)).decode()


def decode_front_keys(content: str) -> list[FrontKey]:
    """Return the keys in the secret, the one that signs first. Raises ValueError."""
    return msgspec.json.decode(content, type=_Content).keys


class SecretFrontKeys:
    """The keys of one secret, remembered for a while."""

    def __init__(self, client: Any, secret: str, clock: Clock) -> None:
        """`client` is one of Secrets Manager, `secret` the secret's name or ARN."""
        self._client = client
        self._secret = secret
        self._keys = Remembered(self._read, clock)

    def current(self) -> list[FrontKey]:
        """Return the keys, at most remembered.STALE_AFTER old. Raises Unavailable."""
        return self._keys.current()

    def _read(self) -> list[FrontKey]:
        with translated():
            answer = self._client.get_secret_value(SecretId=self._secret)
        try:
            return decode_front_keys(answer["SecretString"])
        except ValueError as error:
            raise Unavailable() from error
