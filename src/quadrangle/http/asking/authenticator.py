"""The port behind which credentials are verified. It needs no framework, as services implement it
that also run where nothing is asked over HTTP."""

from typing import Protocol

import msgspec

from quadrangle.kernel.principal import Principal


class Machine(msgspec.Struct, frozen=True):
    """Who showed an API key: its plan is `per_hour` requests, `left` more may come now."""

    principal: Principal
    per_hour: int
    left: int


class Authenticator(Protocol):
    """Verifies credentials. Raises NotSignedIn for what is wrong, expired or ended."""

    async def authenticate(self, token: str) -> Principal:
        """Return who an access token is of."""
        ...

    async def authenticate_key(self, key: str, scope: str | None) -> Machine:
        """Return who an API key is of, on a route that needs `scope` of one; None: no key may.

        Raises Forbidden too, and TooManyRequests.
        """
        ...
