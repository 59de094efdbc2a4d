"""What the accounts need from the world. Every method raises Unavailable when its part is away."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from quadrangle.accounts.model import Account, AccountState, Pin
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


class UsedTokens(Protocol):
    """Remembers one-time tokens that were used."""

    async def use(self, token_id: str, until: datetime, now: datetime) -> bool:
        """Remember the token at least `until` then; False when it had been used before."""
        ...
