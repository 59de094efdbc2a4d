"""Where an OpenID Connect issuer has what we need, as it publishes by itself."""

import asyncio
from datetime import datetime, timedelta

import msgspec

from quadrangle.accounts.tokens.identity_ports import IssuerAway
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Unavailable
from quadrangle.portable.single_sign_on import web

PLACE = "/.well-known/openid-configuration"
KEPT = timedelta(hours=1)
TRY_AGAIN_AFTER = timedelta(seconds=10)  # so that not everybody waits for an issuer that is away


class Discovered(msgspec.Struct):
    """What of OpenID Connect Discovery and RFC 9207 we use."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class Discovery:
    """Asks the issuer when it is first needed, and remembers."""

    def __init__(self, iss: str, clock: Clock) -> None:
        self._iss = iss
        self._clock = clock
        self._found: Discovered | None = None
        self._ask_at: datetime | None = None
        self._turn = asyncio.Lock()

    async def get(self) -> Discovered:
        """Return what the issuer published, at most KEPT old while it answers. Raises IssuerAway
        when it never did."""
        async with self._turn:  # one asks, the others wait for its answer
            now = self._clock.now()
            if self._ask_at is None or now >= self._ask_at:
                await self._ask(now)
            if self._found is None:
                raise IssuerAway("it did not answer a moment ago")
            return self._found

    async def _ask(self, now: datetime) -> None:
        try:
            answer = await web.get_json(self._iss.rstrip("/") + PLACE)
            found = msgspec.convert(answer, Discovered)
            _require_usable(found, self._iss)
        except (Unavailable, msgspec.ValidationError) as error:
            self._ask_at = now + TRY_AGAIN_AFTER
            if self._found is None:
                raise IssuerAway(f"its discovery document cannot be used: {error}") from error
            return
        self._found, self._ask_at = found, now + KEPT


def _require_usable(found: Discovered, iss: str) -> None:
    """Raise Unavailable for the document of another issuer, or one by which secrets would travel
    in the clear."""
    if found.issuer != iss:
        raise Unavailable("It names itself otherwise than QUADRANGLE_OIDC_ISSUER does.")
    allowed = "https://" if iss.startswith("https://") else ("https://", "http://")
    addresses = [found.authorization_endpoint, found.token_endpoint, found.jwks_uri]
    if found.userinfo_endpoint:
        addresses.append(found.userinfo_endpoint)
    if not all(address.startswith(allowed) for address in addresses):
        raise Unavailable("One of its addresses does not begin with https://.")
