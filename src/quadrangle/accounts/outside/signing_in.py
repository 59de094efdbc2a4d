"""Signing in by an outside issuer: OpenID Connect, Authorization Code with PKCE."""

import hashlib
import secrets
from collections.abc import Sequence

import msgspec
import structlog

from quadrangle.accounts import rules
from quadrangle.accounts.model import Account, Method, Place, SignedIn
from quadrangle.accounts.outside import rules as outside_rules
from quadrangle.accounts.outside.admission import Admission
from quadrangle.accounts.outside.model import Answer, Flow, Person
from quadrangle.accounts.outside.rules import NotAdmitted, Problem
from quadrangle.accounts.ports import UsedTokens
from quadrangle.accounts.secrets.ports import Sealer
from quadrangle.accounts.sign_in.lockouts import Lockouts
from quadrangle.accounts.sign_in.signing_in import NOBODY, stranger
from quadrangle.accounts.tokens.identity_ports import IssuerAway, IssuerRefused, OutsideIssuer
from quadrangle.accounts.tokens.sessions import Sessions
from quadrangle.kernel.clock import Clock, from_text
from quadrangle.kernel.errors import NotFound
from quadrangle.kernel.principal import Principal

log = structlog.get_logger(__name__)

_CONTEXT = "outside-sign-in"
_SECRET_BYTES = 32


class Begun(msgspec.Struct, frozen=True):
    """Where to send the browser, and what it keeps meanwhile."""

    address: str
    sealed: str


class Finished(msgspec.Struct, frozen=True):
    """A sign-in, and the page of ours it was for."""

    signed_in: SignedIn
    next_path: str


class OutsideSignIn:
    """Sends people to an issuer and takes them back."""

    def __init__(
        self,
        issuers: Sequence[OutsideIssuer],
        admission: Admission,
        sealer: Sealer,
        used_tokens: UsedTokens,
        lockouts: Lockouts,
        sessions: Sessions,
        clock: Clock,
    ) -> None:
        self._issuers = {issuer.issuer_id: issuer for issuer in issuers}
        self._admission = admission
        self._sealer = sealer
        self._used = used_tokens
        self._lockouts = lockouts
        self._sessions = sessions
        self._clock = clock

    def offered(self) -> list[tuple[str, str]]:
        """Return id and name of each issuer there is."""
        return [(issuer.issuer_id, issuer.name) for issuer in self._issuers.values()]

    async def begin(self, issuer_id: str, wanted: str) -> Begun:
        """Begin a sign-in that leads to `wanted`, if that is a page of ours.

        Raises NotFound for an issuer there is not, NotAdmitted.
        """
        issuer = self._issuer(issuer_id)
        made = (secrets.token_urlsafe(_SECRET_BYTES) for _ in range(3))
        state, nonce, verifier = made
        flow = outside_rules.begin(issuer_id, (state, nonce, verifier), wanted, self._clock.now())
        try:
            address = await issuer.address(flow)
        except IssuerAway as error:
            raise self._away(issuer, error) from error
        text = msgspec.json.encode(flow).decode()
        return Begun(address, self._sealer.seal(text, _CONTEXT))

    async def finish(
        self, issuer_id: str, sealed: str | None, answer: Answer, place: Place
    ) -> Finished:
        """Sign in whom the issuer sent back. Raises NotFound, NotAdmitted, Unavailable."""
        issuer = self._issuer(issuer_id)
        flow = self._opened(sealed)
        outside_rules.require_same_browser(flow, issuer_id, answer, self._clock.now())
        await self._use(flow)
        person = await self._identify(issuer, flow, answer)
        account = await self._admit(issuer, person, place)
        actor = Principal(account.name, account.role, account.account_id, origin=place.address)
        await self._record("account.signed-in", account.account_id, issuer, actor)
        signed_in = await self._sessions.start(account, Method.OIDC, place)
        return Finished(signed_in, flow.next_path)

    def _issuer(self, issuer_id: str) -> OutsideIssuer:
        try:
            return self._issuers[issuer_id]
        except KeyError:
            raise NotFound("There is no such way to sign in.") from None

    def _opened(self, sealed: str | None) -> Flow:
        try:
            return msgspec.json.decode(self._sealer.open(sealed or "", _CONTEXT), type=Flow)
        except ValueError:
            raise NotAdmitted(Problem.EXPIRED) from None

    async def _use(self, flow: Flow) -> None:
        token_id = "oidc:" + hashlib.sha256(flow.state.encode()).hexdigest()
        if not await self._used.use(token_id, from_text(flow.until), self._clock.now()):
            raise NotAdmitted(Problem.EXPIRED)

    async def _identify(self, issuer: OutsideIssuer, flow: Flow, answer: Answer) -> Person:
        try:
            return await issuer.identify(flow, answer)
        except IssuerRefused as error:
            raise NotAdmitted(Problem.DENIED) from error
        except IssuerAway as error:
            raise self._away(issuer, error) from error

    def _away(self, issuer: OutsideIssuer, error: IssuerAway) -> NotAdmitted:
        # for whoever runs the place: people are only told that it does not work
        log.warning("outside issuer cannot be used", issuer=issuer.issuer_id, reason=str(error))
        return NotAdmitted(Problem.ISSUER_AWAY)

    async def _admit(self, issuer: OutsideIssuer, person: Person, place: Place) -> Account:
        actor = stranger(place)
        try:
            return await self._admission.admit(issuer, person, actor)
        except NotAdmitted as refused:
            subject = refused.account_id or NOBODY
            await self._record("account.sign-in-failed", subject, issuer, actor, refused.problem)
            raise

    async def _record(
        self,
        kind: str,
        subject: str,
        issuer: OutsideIssuer,
        actor: Principal,
        problem: Problem | None = None,
    ) -> None:
        data = {"method": Method.OIDC.value, "issuer": issuer.issuer_id}
        if problem is not None:
            data["problem"] = problem.value
        await self._lockouts.record(rules.fact(kind, subject, data, actor, self._clock.now()))
