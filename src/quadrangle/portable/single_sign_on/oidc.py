"""An OpenID Connect issuer: who it says signed in, and whether to believe it."""

from typing import Any

import msgspec

from quadrangle.accounts.outside.model import Answer, Flow, Person
from quadrangle.accounts.tokens.identity_ports import IssuerAway, IssuerRefused
from quadrangle.accounts.tokens.issuers import ALGORITHMS, Issuer, KeySource, Subject
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import NotSignedIn, Unavailable
from quadrangle.portable.single_sign_on import web
from quadrangle.portable.single_sign_on.code_flow import Registration, authorization_address, redeem
from quadrangle.portable.single_sign_on.discovery import Discovered, Discovery
from quadrangle.portable.single_sign_on.jwks import FetchedKeys
from quadrangle.portable.tokens.token_verifier import check_token

_NO = frozenset(
    {
        "access_denied",
        "login_required",
        "consent_required",
        "interaction_required",
        "account_selection_required",
    }
)


class _Claims(msgspec.Struct):
    """What ID tokens and the userinfo endpoint say of a person."""

    sub: str
    email: str = ""
    email_verified: bool | str = False  # a text is read, so that it is refused for what it is
    name: str = ""


class OidcIssuer:
    """Implements accounts.identity_ports.OutsideIssuer."""

    def __init__(self, registration: Registration, clock: Clock) -> None:
        self._registration = registration
        self._clock = clock
        self._keys = FetchedKeys(self._fetch_keys, clock)
        self._discovery = Discovery(registration.iss, clock)

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

    @property
    def keys(self) -> KeySource:
        """Its public keys, fetched when one is first asked for."""
        return self._keys

    async def address(self, flow: Flow) -> str:
        discovered = await self._discovery.get()
        return authorization_address(self._registration, discovered, flow)

    async def identify(self, flow: Flow, answer: Answer) -> Person:
        discovered = await self._discovery.get()
        self._require_same_issuer(discovered, answer)
        if answer.error in _NO:
            raise IssuerRefused()
        if answer.error is not None or not answer.code:
            raise IssuerAway(f"the issuer answered with the error {answer.error!r:.60}")
        tokens = await redeem(self._registration, discovered, flow, answer.code)
        claims = await self._proven(str(tokens.get("id_token", "")), flow)
        if not claims.email:
            claims = await self._asked(discovered, str(tokens.get("access_token", "")), claims)
        return Person(claims.sub, claims.email, claims.email_verified is True, claims.name)

    def _require_same_issuer(self, discovered: Discovered, answer: Answer) -> None:
        """Raise IssuerAway for an answer of another issuer (RFC 9207)."""
        promised = discovered.authorization_response_iss_parameter_supported
        if answer.iss != self.iss and (promised or answer.iss is not None):
            raise IssuerAway("the answer names another issuer, or none")

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

    async def _asked(self, discovered: Discovered, token: str, proven: _Claims) -> _Claims:
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

    async def _fetch_keys(self) -> dict[str, Any]:
        try:
            discovered = await self._discovery.get()
        except IssuerAway as error:
            raise Unavailable(web.SILENT) from error
        return await web.get_json(discovered.jwks_uri)
