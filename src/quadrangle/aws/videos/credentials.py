"""Who opens the database: a secret that RDS rotates by itself."""

from typing import Any

import msgspec

from quadrangle.aws.base.secret_text import SecretText
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Unavailable


class _Login(msgspec.Struct, frozen=True):
    username: str
    password: str


class SecretCredentials:
    """Implements sql.base.credentials.Credentials by one secret of Secrets Manager."""

    def __init__(self, client: Any, secret: str, clock: Clock) -> None:
        self._new = lambda: SecretText(client, secret, clock)
        self._text = self._new()

    def current(self) -> tuple[str, str]:
        try:
            login = msgspec.json.decode(self._text.current(), type=_Login)
        except msgspec.MsgspecError as error:
            raise Unavailable() from error
        return login.username, login.password

    def renewed(self) -> tuple[str, str]:
        self._text = self._new()
        return self.current()
