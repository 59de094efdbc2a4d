"""Who holds a token: making, checking, refreshing and ending what a sign-in gives."""

import secrets
from datetime import datetime

from quadrangle.accounts import rules
from quadrangle.accounts.model import (
    PIN_NAME,
    PIN_SUBJECT,
    Access,
    Account,
    Claims,
    Method,
    Pin,
    Place,
    Session,
    SignedIn,
)
from quadrangle.accounts.policy_model import AccountPolicy
from quadrangle.accounts.ports import AccountStore, PinStore
from quadrangle.accounts.tokens import session_rules
from quadrangle.accounts.tokens.issuers import Subject, claims_of
from quadrangle.accounts.tokens.known_tokens import Known, KnownTokens
from quadrangle.accounts.tokens.outside_bearers import OutsideBearers
from quadrangle.accounts.tokens.ports import SessionStore, Tokens
from quadrangle.accounts.tokens.session_rules import ENDED, Refreshed, Reused
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import NotFound, NotSignedIn
from quadrangle.kernel.ids import is_id, new_id
from quadrangle.kernel.principal import Principal, Role


class Sessions:
    """Implements http.asking.authenticator.Authenticator."""

    def __init__(
        self,
        accounts: AccountStore,
        pins: PinStore,
        store: SessionStore,
        tokens: Tokens,
        outside: OutsideBearers,
        clock: Clock,
        policy: AccountPolicy,
    ) -> None:
        self._accounts = accounts
        self._pins = pins
        self._store = store
        self._tokens = tokens
        self._outside = outside
        self._clock = clock
        self._factor_roles = policy.factor_roles
        self._pin = policy.pin
        self._known = KnownTokens()

    async def authenticate(self, token: str) -> Principal:
        """Return who `token` stands for now; the role is the account's, not the token's.

        Raises NotSignedIn when it is wrong or expired, was signed out, or when the account or the
        PIN it was made for has changed.
        """
        return (await self._look(token)).principal

    async def session_of(self, token: str) -> str:
        """Return the id of the sign-in a token is of, empty for an outside issuer's token.

        Raises NotSignedIn.
        """
        return (await self._look(token)).sid

    async def current(self, token: str) -> Session:
        """Return the sign-in a token is of. Raises NotSignedIn."""
        session = await self._store.get(await self.session_of(token))
        if session is None:
            raise NotSignedIn(ENDED)
        return session

    async def carry_on(self, session: Session | None, account: Account) -> Access | None:
        """Let the sign-in that raised its account's epoch go on, as the only one.

        Its refresh token holds; it gets a new access token, None when it has ended meanwhile.
        """
        self.forget()
        if session is None:
            return None

        def decide(found: Session) -> Session:
            return session_rules.carry_on(found, account.epoch)

        now = self._clock.now()
        carried = await self._store.update(session.sid, decide, now)
        if carried is None or not session_rules.holds(carried, account, now):
            return None
        return self._access(account, carried)

    async def _look(self, token: str) -> Known:
        now = self._clock.now()
        known = self._known.get(token, now)
        if known is not None:
            return known
        generation = self._known.generation
        verified = await self._tokens.verify(token)
        if verified.issuer.subject is Subject.SIGN_IN:
            known = await self._of_sign_in(claims_of(verified), now)
        else:
            principal = await self._outside.principal_of(verified)
            known = Known(principal, "", verified.expires_at, now)
        self._known.remember(token, known, generation)
        return known

    async def _of_sign_in(self, claims: Claims, now: datetime) -> Known:
        session_rules.require_alive(await self._store.get(claims.sid), claims, now)
        holder = await self._holder(claims.sub)
        principal = rules.principal_of(holder, claims.epoch, self._factor_roles)
        return Known(principal, claims.sid, claims.exp, now)

    def forget(self) -> None:
        """Ask the store again for every token: an account, the PIN or a session changed."""
        self._known.forget()

    async def start(self, holder: Account | Pin, method: Method, place: Place) -> SignedIn:
        """Return the tokens of a new sign-in. Raises Unavailable."""
        now = self._clock.now()
        holder_id = holder.account_id if isinstance(holder, Account) else PIN_SUBJECT
        secret = secrets.token_bytes(session_rules.SECRET_BYTES)
        begun = session_rules.begin(new_id(), holder, holder_id, method, place, secret, now)
        await self._store.add(begun.session, now)
        return self._issue(holder, begun)

    async def refresh(self, token: str, place: Place) -> SignedIn:
        """Return new tokens of the same sign-in for a refresh token, which is replaced by that.

        Raises NotSignedIn, also for a token that was replaced before: then two hold it, and the
        sign-in ends for both.
        """
        now = self._clock.now()
        presented = session_rules.read_token(token)
        nonce = secrets.token_bytes(session_rules.SECRET_BYTES)
        issued = ""

        def decide(session: Session) -> Session:
            nonlocal issued
            refreshed = session_rules.refresh(session, presented, place, nonce, now)
            issued = refreshed.token
            return refreshed.session

        try:
            session = await self._store.update(presented.sid, decide, now)
        except Reused:
            await self._end_reused(presented.sid, place)
            raise NotSignedIn(ENDED) from None
        if session is None:
            raise NotSignedIn(ENDED)
        holder = await self._holder(session.holder)
        rules.principal_of(holder, session.epoch, self._factor_roles)
        return self._issue(holder, Refreshed(session, issued))

    async def _end_reused(self, sid: str, place: Place) -> None:
        session = await self._store.get(sid)
        if session is None:
            return
        data = {"session": sid, "method": session.method.value}
        thief = Principal("Someone", origin=place.address)
        change = rules.fact(
            "account.refresh-reused", session.holder, data, thief, self._clock.now()
        )
        await self._store.end(sid, [change])
        self.forget()

    async def sign_out(self, token: str) -> None:
        """End the sign-in an access or refresh token is of, if it has not ended already."""
        try:
            sid = await self._sid_of(token)
        except NotSignedIn:
            return
        session = await self._store.get(sid)
        if session is None:
            return
        holder = await self._holder(session.holder)
        name = holder.name if isinstance(holder, Account) else PIN_NAME
        account_id = holder.account_id if isinstance(holder, Account) else None
        actor = Principal(name, account_id=account_id, origin=session.origin)
        await self._end(session, actor)

    async def _sid_of(self, token: str) -> str:
        if token.count(".") != 1:
            return await self.session_of(token)
        presented = session_rules.read_token(token)
        session = await self._store.get(presented.sid)
        if session is None or not session_rules.is_of(session, presented):
            raise NotSignedIn(ENDED)
        return session.sid

    async def of_account(self, actor: Principal) -> list[Session]:
        """Return one's own sign-ins, the one seen last first. Raises NotSignedIn, Forbidden."""
        account_id = rules.require_account(actor)
        now = self._clock.now()
        account = await self._holder(account_id)
        found = await self._store.of_holder(account_id)
        return [s for s in found if session_rules.holds(s, account, now)]

    async def end_one(self, sid: str, actor: Principal) -> None:
        """End one of one's own sign-ins. Raises NotSignedIn, Forbidden, NotFound."""
        account_id = rules.require_account(actor)
        session = await self._store.get(sid) if is_id(sid) else None
        if session is None or session.holder != account_id:
            raise NotFound("There is no such sign-in.")
        await self._end(session, actor)

    async def end_own(self, actor: Principal) -> None:
        """End every sign-in of one's own. Raises NotSignedIn, Forbidden, Unavailable."""
        await self.end_all(rules.require_account(actor), actor)

    async def end_all(self, holder: str, actor: Principal) -> None:
        """End every sign-in of an account or the PIN; whoever calls has checked that they may."""
        now = self._clock.now()
        change = rules.fact("account.signed-out", holder, {"everywhere": True}, actor, now)
        await self._store.end_all(holder, [change])
        self.forget()

    async def _end(self, session: Session, actor: Principal) -> None:
        change: Change = rules.fact(
            "account.signed-out",
            session.holder,
            {"session": session.sid, "method": session.method.value},
            actor,
            self._clock.now(),
        )
        await self._store.end(session.sid, [change])
        self.forget()

    async def me(self, principal: Principal) -> Account | None:
        """Return the account of whoever is signed in, None for the PIN. Raises NotSignedIn."""
        if principal.role is None:
            raise NotSignedIn()
        if principal.account_id is None:
            return None
        account = await self._accounts.get(principal.account_id)
        if account is None:
            raise NotSignedIn()
        return account

    async def _holder(self, holder: str) -> Account | Pin:
        if holder == PIN_SUBJECT and not self._pin:
            raise NotSignedIn(ENDED)  # switched off since
        found = (
            await self._pins.load() if holder == PIN_SUBJECT else await self._accounts.get(holder)
        )
        if found is None:
            raise NotSignedIn()
        return found

    def _issue(self, holder: Account | Pin, refreshed: Refreshed) -> SignedIn:
        account = holder if isinstance(holder, Account) else None
        left = session_rules.seconds_left(refreshed.session, self._clock.now())
        access = self._access(holder, refreshed.session)
        return SignedIn(access.token, access.expires_in, refreshed.token, left, account)

    def _access(self, holder: Account | Pin, session: Session) -> Access:
        now = self._clock.now()
        account = holder if isinstance(holder, Account) else None
        left = session_rules.seconds_left(session, now)
        life = min(int(rules.ACCESS_LIFE.total_seconds()), left)
        issued_at = int(now.timestamp())
        claims = Claims(
            sub=session.holder,
            role=account.role if account else Role.STAFF,
            name=account.name if account else PIN_NAME,
            epoch=holder.epoch,
            sid=session.sid,
            jti=new_id(),
            iat=issued_at,
            exp=issued_at + life,
        )
        return Access(self._tokens.issue(claims), life)
