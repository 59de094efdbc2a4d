"""The keys that sign our tokens, in one secret of Secrets Manager.

To replace a key: put the new one behind the old and wait until every container has read it
(remembered.STALE_AFTER) and others who check our tokens too (an hour, by the published set's
caching); then put it first, and take the old one out when its tokens have ended (12 hours).
"""

from collections.abc import Sequence
from typing import Any

from botocore.exceptions import ClientError

from quadrangle.accounts.signing_keys import SigningKey, decode_keys, encode_keys
from quadrangle.aws.errors import code_of, translated
from quadrangle.aws.remembered import Remembered
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
        self._keys = Remembered(lambda: self._read() or self._make(), clock)

    def current(self) -> Sequence[SigningKey]:
        """Return the keys, at most remembered.STALE_AFTER old; made now when there are none yet.

        Raises Unavailable when Secrets Manager is away and no keys are at hand, KeysUnusable when
        the secret holds something else.
        """
        return self._keys.current()

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
        made = [SigningKey.make()]
        with translated():
            try:
                self._client.put_secret_value(
                    SecretId=self._secret,
                    SecretString=encode_keys(made).decode(),
                    ClientRequestToken=FIRST_VERSION,
                )
            except ClientError as error:
                if code_of(error) != "ResourceExistsException":
                    raise
                return self._made_by_another()
        return made

    def _made_by_another(self) -> list[SigningKey]:
        found = self._read()
        if found is None:
            raise Unavailable()
        return found
