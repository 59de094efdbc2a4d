"""What the accounts need from the world. Every method raises Unavailable when its part is away."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec

from quadrangle.accounts.model import Account, AccountState, Claims, Pin, Session
from quadrangle.accounts.sign_in.lockout_rules import Outcome, Tallies
from quadrangle.accounts.tokens.issuers import Verified
from quadrangle.kernel.change import Change
from quadrangle.kernel.page import Page
from quadrangle.kernel.principal import Role

Decide = Callable[[Account, int], tuple[Account, list[Change]]]


# Removes what a store keeps of an account under its id; safe to repeat.
Eraser = Callable[[str], Awaitable[None]]


class AccountStore(Protocol):
    """Keeps accounts with their change records, one write for both."""

    async def get(self, account_id: str) -> Account | None: ...

    async def by_email(self, email: str) -> Account | None:
        """Return the account of an address in lower case; takes as long when there is none."""
        ...

    async def staff(self) -> list[Account]:
        """Return staff and admins, active or not, by name."""
        ...

    async def people(self, query: "PeopleQuery") -> Page[Account]:
        """Return accounts by name, in small letters, then id. Raises InvalidInput for a cursor."""
        ...

    async def update(self, account_id: str, decide: Decide) -> Account:
        """Save what `decide` makes of the account.

        `decide` is pure and gets the account and how many other active admins there are; between
        its look and the write nobody else writes an account (it may be asked again). Without
        changes nothing is saved. Raises NotFound, EmailTaken and what `decide` raises.
        """
        ...


class PeopleQuery(msgspec.Struct, frozen=True):
    """What a list of people is asked for; `words` are looked for in names and addresses."""

    words: str = ""
    role: Role | None = None
    state: AccountState | None = None
    active: bool | None = None
    limit: int = 50
    cursor: str | None = None


class EmailTaken(Exception):
    """There is an account with this address already."""


class PinStore(Protocol):
    """Keeps the staff PIN's hash. `save` raises Conflict unless `pin` follows the stored epoch."""

    async def load(self) -> Pin | None: ...

    async def save(self, pin: Pin, changes: Sequence[Change]) -> None: ...


class AttemptStore(Protocol):
    """Keeps tallies of wrong tries, across restarts and for all processes."""

    async def load(self, keys: Sequence[str]) -> Tallies:
        """Return the tallies there are under `keys`."""
        ...

    async def update(
        self, keys: Sequence[str], decide: Callable[[Tallies], Outcome], now: datetime
    ) -> Outcome:
        """Save and return what the pure `decide` makes of the tallies under `keys`.

        Nobody else writes between its look and the write (it may be asked again). Raises what
        `decide` raises; nothing is saved then. Tallies whose time is over may be removed.
        """
        ...


class SessionStore(Protocol):
    """Keeps the sign-ins that have not ended."""

    async def add(self, session: Session, now: datetime) -> None:
        """Save a new session; those over at `now` may be removed."""
        ...

    async def get(self, sid: str) -> Session | None: ...

    async def of_holder(self, holder: str) -> list[Session]:
        """Return all sessions of an account or the PIN, the one seen last first."""
        ...

    async def update(
        self, sid: str, decide: Callable[[Session], Session], now: datetime
    ) -> Session | None:
        """Save and return what the pure `decide` makes of a session, None when there is none.

        Nobody else writes between its look and the write (it may be asked again). Raises what
        `decide` raises; nothing is saved then.
        """
        ...

    async def end(self, sid: str, changes: Sequence[Change]) -> bool:
        """Remove a session, with its changes; False, and no changes, when there is none."""
        ...

    async def end_all(self, holder: str, changes: Sequence[Change]) -> None:
        """Remove all sessions of a holder, with the changes."""
        ...


class UsedTokens(Protocol):
    """Remembers one-time tokens that were used."""

    async def use(self, token_id: str, until: datetime, now: datetime) -> bool:
        """Remember the token at least `until` then; False when it had been used before."""
        ...


class KeysUnusable(Exception):
    """The signing keys cannot be used; the message says why and where they are."""


class Tokens(Protocol):
    """Signs our tokens, and checks those of all issuers."""

    def issue(self, claims: Claims) -> str: ...

    async def verify(self, token: str) -> Verified:
        """Check an access token of ours or of an issuer we believe, all on one path.

        Raises NotSignedIn for one that is wrong or expired.
        """
        ...

    def public_keys(self) -> dict[str, Any]:
        """Return the JWK Set others check our tokens with."""
        ...
