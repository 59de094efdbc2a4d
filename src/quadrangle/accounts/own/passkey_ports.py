"""What passkeys need from the world. Every method of a store raises Unavailable when it is away."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgspec

from quadrangle.accounts.model import Account
from quadrangle.accounts.own.passkey_model import Passkey, Registered
from quadrangle.accounts.ports import Decide


class PasskeyKnown(Exception):
    """There is a passkey with this id already, of this account or another."""


class PasskeyStore(Protocol):
    """Keeps passkeys. `decide` is as in AccountStore.update; both are one write."""

    async def get(self, passkey_id: str) -> Passkey | None: ...

    async def of_account(self, account_id: str) -> list[Passkey]:
        """Return all of an account, the oldest first."""
        ...

    async def add(self, passkey: Passkey, decide: Decide) -> Account:
        """Save a new one. Raises PasskeyKnown, NotFound and what `decide` raises."""
        ...

    async def update(self, passkey_id: str, decide: Callable[[Passkey], Passkey]) -> Passkey | None:
        """Save and return what the pure `decide` makes of one, None when there is none.

        Nobody else writes between its look and the write (it may be asked again). Raises what
        `decide` raises; nothing is saved then.
        """
        ...

    async def remove(self, account_id: str, passkey_id: str, decide: Decide) -> Account | None:
        """Remove one of that account; None, and nothing done, when it has no such passkey."""
        ...

    async def forget(self, account_id: str) -> None:
        """Remove all of an account, which is not touched."""
        ...


class CeremonyFailed(Exception):
    """What a browser sent is not what was asked for, or not signed by the passkey."""


class Options(msgspec.Struct, frozen=True):
    """What a browser is asked for; `challenge` in base64url is in `options` too."""

    challenge: str
    options: dict[str, Any]


class Ceremonies(Protocol):
    """Asks browsers for passkeys and checks what they answer, for one site.

    Both checks demand that the person was verified (a PIN, a finger): so a passkey is two factors.
    """

    async def registration(self, account: Account, known: Sequence[Passkey]) -> Options: ...

    async def sign_in(self) -> Options: ...

    async def registered(self, credential: dict[str, Any], challenge: str) -> Registered:
        """Raises CeremonyFailed."""
        ...

    async def asserted(self, credential: dict[str, Any], challenge: str, passkey: Passkey) -> int:
        """Return the count of signatures the device tells. Raises CeremonyFailed.

        The count is not compared with an earlier one. The account the device keeps with the
        passkey must be its own.
        """
        ...
