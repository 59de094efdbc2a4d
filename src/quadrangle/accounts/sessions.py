"""Who holds a token: making, checking, refreshing and ending what a sign-in gives."""

from collections import OrderedDict
from datetime import UTC, datetime, timedelta

import msgspec

from quadrangle.accounts import rules
from quadrangle.accounts.model import PIN_NAME, PIN_SUBJECT, Account, Claims, Pin, SignedIn
from quadrangle.accounts.ports import AccountStore, PinStore, SessionStore, Tokens
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import NotSignedIn
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal, Role

# How old the store's word on a token may be. Changes made in this process count at once, those of
# another as soon as the host passes them on to `forget`.
STALE_AFTER = timedelta(seconds=5)
MAX_KNOWN = 4_096  # tokens remembered at once; the longest unused are forgotten first


class _Known(msgspec.Struct, frozen=True):
    principal: Principal
    exp: int
    looked_at: datetime

    def holds_at(self, now: datetime) -> bool:
        return abs(now - self.looked_at) < STALE_AFTER and now.timestamp() < self.exp


class Sessions:
    """Implements http.auth.Authenticator."""

    def __init__(
        self,
        accounts: AccountStore,
        pins: PinStore,
        ended: SessionStore,
        tokens: Tokens,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._pins = pins
        self._ended = ended
        self._tokens = tokens
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._generation = 0

    async def authenticate(self, token: str) -> Principal:
        """Return who `token` stands for now; the role is the account's, not the token's.

        Raises NotSignedIn when it is wrong or expired, was signed out, or when the account or the
        PIN it was made for has changed.
        """
        now = self._clock.now()
        known = self._known.get(token)
        if known is not None and known.holds_at(now):
            self._known.move_to_end(token)
            return known.principal
        generation = self._generation
        claims, holder = await self._look(token)
        principal = rules.principal_of(holder, claims)
        if generation == self._generation:  # else this may be from before a change
            self._remember(token, _Known(principal, claims.exp, now))
        return principal

    def forget(self) -> None:
        """Ask the store again for every token: an account, the PIN or a session changed."""
        self._generation += 1
        self._known.clear()

    def start(self, holder: Account | Pin) -> SignedIn:
        """Return the tokens of a new sign-in."""
        return self._issue(holder, sid=new_id(), auth_time=self._seconds())

    async def refresh(self, token: str) -> SignedIn:
        """Return new tokens of the same sign-in. Raises NotSignedIn, also when it began too long
        ago."""
        claims, holder = await self._look(token)
        rules.principal_of(holder, claims)
        return self._issue(holder, sid=claims.sid, auth_time=claims.auth_time)

    async def sign_out(self, token: str) -> None:
        """End all tokens of the sign-in `token` comes from, if they have not ended already."""
        try:
            claims, holder = await self._look(token)
            principal = rules.principal_of(holder, claims)
        except NotSignedIn:
            return
        now = self._clock.now()
        change = rules.fact("account.signed-out", claims.sub, {}, principal, now)
        # An hour more than any token of it can live covers the leeway of clocks.
        began = datetime.fromtimestamp(claims.auth_time, UTC)
        until = began + rules.LONGEST_SESSION + timedelta(hours=1)
        await self._ended.end(claims.sid, until, now, [change])
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

    async def _look(self, token: str) -> tuple[Claims, Account | Pin]:
        """Check the token itself and ask the store for its holder."""
        claims = self._tokens.verify(token)
        if await self._ended.has_ended(claims.sid):
            raise NotSignedIn("You have signed out. Please sign in again.")
        holder = (
            await self._pins.load()
            if claims.sub == PIN_SUBJECT
            else await self._accounts.get(claims.sub)
        )
        if holder is None:
            raise NotSignedIn()
        return claims, holder

    def _remember(self, token: str, known: _Known) -> None:
        self._known[token] = known
        self._known.move_to_end(token)
        if len(self._known) > MAX_KNOWN:
            self._known.popitem(last=False)

    def _issue(self, holder: Account | Pin, *, sid: str, auth_time: int) -> SignedIn:
        now = self._seconds()
        account = holder if isinstance(holder, Account) else None
        access_life = rules.life(rules.ACCESS_LIFE, auth_time, now)
        page_life = rules.life(rules.PAGE_LIFE, auth_time, now)

        def token(life: int) -> str:
            return self._tokens.issue(
                Claims(
                    sub=account.account_id if account else PIN_SUBJECT,
                    role=account.role if account else Role.STAFF,
                    name=account.name if account else PIN_NAME,
                    epoch=holder.epoch,
                    sid=sid,
                    jti=new_id(),
                    auth_time=auth_time,
                    iat=now,
                    exp=now + life,
                )
            )

        return SignedIn(token(access_life), access_life, token(page_life), page_life, account)

    def _seconds(self) -> int:
        return int(self._clock.now().timestamp())
