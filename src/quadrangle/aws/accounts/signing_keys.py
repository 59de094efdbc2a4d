"""The keys that sign our tokens, in one secret of Secrets Manager.

They come and go by accounts/tokens/key_rules.py: the function keys-rotate does what is due, once
a day. Containers read what it did within STALE_AFTER.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import ClientError

from quadrangle.accounts.tokens.key_rules import in_order
from quadrangle.accounts.tokens.signing_keys import (
    SigningKey,
    decode_keys,
    encode_keys,
    first_keys,
    rotated,
)
from quadrangle.aws.base.errors import code_of, translated
from quadrangle.aws.base.remembered import Remembered
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Unavailable

# Names the first version of every such secret. A version is never written over, so of several
# containers that find the secret empty one succeeds, and the others learn of it.
FIRST_VERSION = "quadrangle-the-first-signing-keys"


class SecretKeys:
    """The keys of one secret, remembered for a while. `current` is an accounts CurrentKeys."""

    def __init__(self, client: Any, secret: str, clock: Clock) -> None:
        """`client` is one of Secrets Manager, `secret` the secret's name or ARN."""
        self._client = client
        self._secret = secret
        self._clock = clock
        self._keys = Remembered(lambda: self._read() or self._make(), clock)

    def current(self) -> Sequence[SigningKey]:
        """Return the keys, at most remembered.STALE_AFTER old; made now when there are none yet.

        Raises Unavailable when Secrets Manager is away and no keys are at hand, KeysUnusable when
        the secret holds something else.
        """
        return in_order(self._keys.current(), self._clock.now())

    def rotate(self) -> bool:
        """Make and remove what is due; tell whether anything was. Raises as `current` does."""
        return self._replace(lambda keys: rotated(keys, self._clock.now()))

    def replace(self) -> None:
        """Put a new key in the place of all: in STALE_AFTER, whatever they signed has ended."""
        self._replace(lambda _: first_keys(self._clock.now()))

    def _replace(self, decide: Callable[[list[SigningKey]], list[SigningKey] | None]) -> bool:
        before = self._read() or self._make()
        after = decide(before)
        if after is None:
            return False
        # Named after what it replaces, so of several that rotate at once one succeeds.
        token = hashlib.sha256(encode_keys(before)).hexdigest()
        if not self._write(after, token):
            self._keys.put(self._made_by_another())
            return False
        self._keys.put(after)
        return True

    def _read(self) -> list[SigningKey] | None:
        """Return the keys in the secret, None when it has no value yet."""
        with translated():
            try:
                answer = self._client.get_secret_value(SecretId=self._secret)
            except ClientError as error:
                if code_of(error) != "ResourceNotFoundException":
                    raise
                return None
        content = answer.get("SecretBinary") or answer.get("SecretString", "").encode()
        return decode_keys(content, f"the secret {self._secret}") if content else None

    def _make(self) -> list[SigningKey]:
        made = first_keys(self._clock.now())
        return made if self._write(made, FIRST_VERSION) else self._made_by_another()

    def _write(self, keys: list[SigningKey], token: str) -> bool:
        """Write a version of that name; False when there is one already."""
        with translated():
            try:
                self._client.put_secret_value(
                    SecretId=self._secret,
                    SecretString=encode_keys(keys).decode(),
                    ClientRequestToken=token,
                )
            except ClientError as error:
                if code_of(error) != "ResourceExistsException":
                    raise
                return False
        return True

    def _made_by_another(self) -> list[SigningKey]:
        found = self._read()
        if found is None:
            raise Unavailable()
        return found
