"""A text that only the functions that need it can read: in one secret of Secrets Manager."""

from typing import Any

from quadrangle.aws.base.errors import translated
from quadrangle.aws.base.remembered import Remembered
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Unavailable


class SecretText:
    """The text of one secret, remembered for a while."""

    def __init__(self, client: Any, secret: str, clock: Clock) -> None:
        """`client` is one of Secrets Manager, `secret` the secret's name or ARN."""
        self._client = client
        self._secret = secret
        self._text = Remembered(self._read, clock)

    def current(self) -> str:
        """Return the text, at most remembered.STALE_AFTER old. Raises Unavailable."""
        return self._text.current()

    def _read(self) -> str:
        with translated():
            answer = self._client.get_secret_value(SecretId=self._secret)
        text: str = answer.get("SecretString", "")
        if not text:
            raise Unavailable()
        return text
