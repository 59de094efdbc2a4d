"""What the accounts need from the world. Every method raises Unavailable when its part is away."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec

from quadrangle.accounts.lockout_rules import Outcome, Tallies
from quadrangle.accounts.model import Account, Claims, Pin
from quadrangle.kernel.change import Change


class Stored(msgspec.Struct, frozen=True):
    """An account and the hash of its password; None: it signs in some other way."""

    account: Account
    password_hash: str | None


Decide = Callable[[Account, int], tuple[Account, list[Change]]]


class AccountStore(Protocol):
    """Keeps accounts with their change records, one write for both."""

    async def get(self, account_id: str) -> Account | None: ...

    async def by_email(self, email: str) -> Stored | None: ...

    async def staff(self) -> list[Account]:
        """Return staff and admins, active or not, by name."""
        ...

    async def add(
        self, account: Account, password_hash: str | None, changes: Sequence[Change]
    ) -> None:
        """Save a new account. Raises EmailTaken."""
        ...

    async def update(
        self, account_id: str, decide: Decide, *, password_hash: str | None = None
    ) -> Account:
        """Save what `decide` makes of the account, and with it `password_hash` where given.

        `decide` is pure and gets the account and how many other active admins there are; between
        its look and the write nobody else writes an account (it may be asked again). Without
        changes nothing is saved. Raises NotFound and what `decide` raises.
        """
        ...

    async def replace_hash(self, account_id: str, old: str, new: str) -> None:
        """Keep the same password under another hash, unless it is `old` no longer."""
        ...


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
    """Knows sessions that were signed out before their tokens expired."""

    async def has_ended(self, sid: str) -> bool: ...

    async def end(
        self, sid: str, until: datetime, now: datetime, changes: Sequence[Change]
    ) -> None:
        """Remember at least `until` then that the session ended; of no effect the second time."""
        ...


class Passwords(Protocol):
    """Hashes secrets so that guessing is slow. Raises Unavailable when too many wait."""

    async def hash(self, secret: str) -> str: ...

    async def verify(self, hashed: str | None, secret: str) -> bool:
        """Tell whether `secret` has that hash. Without a hash it takes as long and is False."""
        ...

    def is_outdated(self, hashed: str) -> bool:
        """Tell whether the hash was made with other parameters than those of today."""
        ...


class KeysUnusable(Exception):
    """The signing keys cannot be used; the message says why and where they are."""


class Tokens(Protocol):
    """Signs and checks tokens, by keys of ours or of an identity provider."""

    def issue(self, claims: Claims) -> str: ...

    def verify(self, token: str) -> Claims:
        """Return what a token says. Raises NotSignedIn for one that is wrong or expired."""
        ...

    def public_keys(self) -> dict[str, Any]:
        """Return the JWK Set others check our tokens with."""
        ...
