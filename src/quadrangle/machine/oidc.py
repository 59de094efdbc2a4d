"""An OpenID Connect issuer: discovery, Authorization Code with PKCE, and its ID tokens."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import msgspec

from quadrangle.accounts.identity_ports import Answer, Flow, IssuerAway, IssuerRefused, Person
from quadrangle.accounts.issuers import Issuer, Subject
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import NotSignedIn, Unavailable
from quadrangle.machine import web
from quadrangle.machine.jwks import FetchedKeys
from quadrangle.machine.token_verifier import check_token

# Signatures by a key pair. Shared secrets (HS256) would make our client secret a signing key.
ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "ES512", "EdDSA")
DISCOVERY = "/.well-known/openid-configuration"
DISCOVERY_KEPT = timedelta(hours=1)
TRY_AGAIN_AFTER = timedelta(seconds=10)  # so that not everybody waits for an issuer that is away
SCOPE = "openid email profile"
_NOT_NOW = frozenset({"server_error", "temporarily_unavailable"})
_NO = frozenset(
    {
        "access_denied",
        "login_required",
        "consent_required",
        "interaction_required",
        "account_selection_required",
    }
)


class Registration(msgspec.Struct, frozen=True):
    """How we are known to an issuer: `iss` is its address, without `secret` we are public."""

    issuer_id: str
    name: str
    iss: str
    client_id: str
    redirect_uri: str
    secret: str = ""
    sign_up: bool = False

    def __repr__(self) -> str:
        return f"Registration({self.issuer_id!r})"  # never the secret


class _Discovery(msgspec.Struct):
    """What of OpenID Connect Discovery and RFC 9207 we use."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]
    authorization_response_iss_parameter_supported: bool = False


class _Claims(msgspec.Struct):
    """What ID tokens and the userinfo endpoint say of a person."""

    sub: str
    email: str = ""
    email_verified: bool | str = False  # some issuers write "true"
    name: str = ""


class OidcIssuer:
    """Implements accounts.identity_ports.OutsideIssuer."""

    def __init__(self, registration: Registration, clock: Clock) -> None:
        self._registration = registration
        self._clock = clock
        self._keys = FetchedKeys(self._fetch_keys, clock)
        self._found: _Discovery | None = None
        self._ask_at: datetime | None = None
        self._turn = asyncio.Lock()

    @property
    def issuer_id(self) -> str:
        return self._registration.issuer_id

    @property
    def name(self) -> str:
        return self._registration.name

    @property
    def iss(self) -> str:
        return self._registration.iss

    @property
    def sign_up(self) -> bool:
        return self._registration.sign_up

    def bearers(self, audience: str) -> Issuer:
        """Return what of its access tokens is meant for us: those that name `audience`.

        ID tokens name our client instead, so none of them passes for an access token.
        """
        return Issuer(self.iss, ALGORITHMS, self._keys, frozenset({audience}), Subject.LINKED)

    async def address(self, flow: Flow) -> str:
        discovered = await self._discovered()
        client = self._client(discovered)
        async with client:
            address, _ = client.create_authorization_url(
                discovered.authorization_endpoint,
                state=flow.state,
                nonce=flow.nonce,
                code_verifier=flow.verifier,
            )
        return address

    async def identify(self, flow: Flow, answer: Answer) -> Person:
        discovered = await self._discovered()
        self._require_same_issuer(discovered, answer)
        if answer.error in _NO:
            raise IssuerRefused()
        if answer.error is not None or not answer.code:
            raise IssuerAway(f"the issuer answered with the error {answer.error!r:.60}")
        tokens = await self._redeem(discovered, flow, answer.code)
        claims = await self._proven(str(tokens.get("id_token", "")), flow)
        if not claims.email:
            claims = await self._asked(discovered, str(tokens.get("access_token", "")), claims)
        verified = claims.email_verified in (True, "true")
        return Person(claims.sub, claims.email, verified, claims.name)

    def _require_same_issuer(self, discovered: _Discovery, answer: Answer) -> None:
        """Raise IssuerAway for an answer of another issuer (RFC 9207)."""
        promised = discovered.authorization_response_iss_parameter_supported
        if answer.iss != self.iss and (promised or answer.iss is not None):
            raise IssuerAway("the answer names another issuer, or none")

    async def _redeem(self, discovered: _Discovery, flow: Flow, code: str) -> dict[str, Any]:
        from authlib.integrations.base_client import OAuthError
        from httpx import HTTPError, InvalidURL

        client = self._client(discovered)
        try:
            async with asyncio.timeout(web.DEADLINE_S), client:
                return await client.fetch_token(
                    discovered.token_endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=flow.verifier,
                )
        except OAuthError as error:
            raise IssuerAway(f"the code was not redeemed: {error.error!r:.60}") from error
        except (HTTPError, InvalidURL, TimeoutError, ValueError) as error:
            # the class only: a message could quote what was sent
            raise IssuerAway(f"the code was not redeemed: {type(error).__name__}") from error

    async def _proven(self, id_token: str, flow: Flow) -> _Claims:
        """Return what the ID token says (OpenID Connect Core, 3.1.3.7)."""
        ours = self._registration.client_id
        meant = Issuer(
            iss=self.iss,
            algorithms=ALGORITHMS,
            keys=self._keys,
            audiences=frozenset({ours}),
            subject=Subject.LINKED,
            expected={"nonce": flow.nonce},
        )
        try:
            payload = (await check_token(id_token, meant, self._clock.now())).payload
            claims = msgspec.convert(payload, _Claims)
        except (NotSignedIn, Unavailable, msgspec.ValidationError) as error:
            raise IssuerAway("the ID token cannot be believed") from error
        if payload.get("azp", ours) != ours:
            raise IssuerAway("the ID token was made for another client")
        return claims

    async def _asked(self, discovered: _Discovery, token: str, proven: _Claims) -> _Claims:
        """Ask for what the ID token leaves out; the issuer must speak of the same person."""
        if not discovered.userinfo_endpoint:
            return proven
        headers = {"Authorization": f"Bearer {token}"}
        try:
            answer = await web.get_json(discovered.userinfo_endpoint, headers)
            claims = msgspec.convert(answer, _Claims)
        except (Unavailable, msgspec.ValidationError) as error:
            raise IssuerAway("the userinfo endpoint gave no answer that can be used") from error
        if claims.sub != proven.sub:
            raise IssuerAway("the userinfo endpoint speaks of somebody else")
        return claims

    def _client(self, discovered: _Discovery) -> Any:
        from authlib.integrations.httpx_client import AsyncOAuth2Client

        registration = self._registration
        return AsyncOAuth2Client(
            registration.client_id,
            registration.secret or None,
            token_endpoint_auth_method=_auth_method(registration, discovered),
            scope=SCOPE,
            redirect_uri=registration.redirect_uri,
            code_challenge_method="S256",
            transport=web.Bounded(),
            timeout=web.DEADLINE_S,
        )

    async def _fetch_keys(self) -> dict[str, Any]:
        try:
            discovered = await self._discovered()
        except IssuerAway as error:
            raise Unavailable("The sign-in service does not answer just now.") from error
        return await web.get_json(discovered.jwks_uri)

    async def _discovered(self) -> _Discovery:
        async with self._turn:  # one asks, the others wait for its answer
            now = self._clock.now()
            if self._ask_at is None or now >= self._ask_at:
                await self._discover(now)
            if self._found is None:
                raise IssuerAway("it did not answer a moment ago")
            return self._found

    async def _discover(self, now: datetime) -> None:
        try:
            found = msgspec.convert(
                await web.get_json(self.iss.rstrip("/") + DISCOVERY), _Discovery
            )
            _require_usable(found, self.iss)
        except (Unavailable, msgspec.ValidationError) as error:
            self._ask_at = now + TRY_AGAIN_AFTER
            if self._found is None:
                raise IssuerAway("its discovery document cannot be had") from error
            return
        self._found, self._ask_at = found, now + DISCOVERY_KEPT


def _auth_method(registration: Registration, discovered: _Discovery) -> str:
    if not registration.secret:
        return "none"
    supported = discovered.token_endpoint_auth_methods_supported
    return "client_secret_basic" if "client_secret_basic" in supported else "client_secret_post"


def _require_usable(found: _Discovery, iss: str) -> None:
    """Raise Unavailable for the document of another issuer, or one whose secrets would travel in
    the clear."""
    if found.issuer != iss:
        raise Unavailable("The sign-in service names itself otherwise than it is set here.")
    scheme = "https://" if iss.startswith("https://") else ("https://", "http://")
    addresses = [found.authorization_endpoint, found.token_endpoint, found.jwks_uri]
    if found.userinfo_endpoint:
        addresses.append(found.userinfo_endpoint)
    if not all(address.startswith(scheme) for address in addresses):
        raise Unavailable("The sign-in service gave an answer that cannot be used.")
