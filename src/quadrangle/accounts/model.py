"""What an account is, and what a token says. Frozen values; nothing here holds a secret.

Instants are texts as kernel.clock.to_text writes them, except in tokens (seconds since 1970, as
RFC 7519 wants them) and in tallies (datetimes: they are reckoned with).
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from quadrangle.kernel.errors import NotFound
from quadrangle.kernel.principal import Role

PIN_SUBJECT = "staff-pin"  # stands where an account's id would
PIN_NAME = "Staff (PIN)"


class NoSuchAccount(NotFound):
    """There is no account with that id."""


class AccountState(StrEnum):
    """How far an account has come; whether an admin switched it off is another matter."""

    INVITED = "invited"  # has no password yet
    UNCONFIRMED = "unconfirmed"  # signed up, the address is not confirmed yet
    OPEN = "open"
    CLOSED = "closed"  # nothing personal is left


class Account(msgspec.Struct, frozen=True):
    """A person. `email` is in lower case; tokens made in an earlier `epoch` have ended.

    `two_factor` tells whether an authenticator app or a passkey is set up. `new_email` is an
    address that was asked for and is not confirmed yet.
    """

    account_id: str
    email: str
    name: str
    role: Role
    created_at: str
    state: AccountState = AccountState.OPEN
    active: bool = True
    two_factor: bool = False
    epoch: int = 1
    new_email: str | None = None

    @property
    def usable(self) -> bool:
        """Whether its owner may sign in."""
        return self.active and self.state is AccountState.OPEN


class Method(StrEnum):
    """How someone signed in."""

    PASSWORD = "password"  # noqa: S105
    PIN = "pin"
    PASSKEY = "passkey"
    OIDC = "oidc"


class Place(msgspec.Struct, frozen=True):
    """Where someone comes from: a network address, and what the browser calls itself.

    `mark` is a secret by which the browser is known again once somebody has signed in with it;
    empty where nobody could be known.
    """

    address: str
    device: str = ""
    mark: str = ""


class Session(msgspec.Struct, frozen=True):
    """A sign-in that has not ended. Of its refresh tokens only hashes are kept.

    `refresh_hash` is of the one that holds, `replaced_hash` of the one before it, replaced at
    `replaced_at`; `nonce` made the one from the other. `generation` counts the replacements.
    """

    sid: str
    holder: str
    epoch: int
    method: Method
    created_at: str
    seen_at: str
    expires_at: str
    origin: str
    device: str
    refresh_hash: str
    nonce: str
    replaced_hash: str | None = None
    replaced_at: str | None = None
    generation: int = 0


class Pin(msgspec.Struct, frozen=True):
    """The staff PIN that holds now, as its hash; changing it raises the epoch."""

    hash: str
    epoch: int


class Claims(msgspec.Struct, frozen=True):
    """What a token says of its holder.

    `sub` is an account's id or PIN_SUBJECT, `sid` names the sign-in all its tokens come from.
    `role` and `name` are for others who read our tokens: the platform itself asks its store.
    """

    sub: str
    role: str
    name: str
    epoch: int
    sid: str
    jti: str
    iat: int
    exp: int


class SignedIn(msgspec.Struct, frozen=True):
    """A sign-in: a short access token, and the token it is refreshed with; lives in seconds.

    `account` is None for the staff PIN.
    """

    access_token: str
    expires_in: int
    refresh_token: str
    refresh_expires_in: int
    account: Account | None = None


class Access(msgspec.Struct, frozen=True):
    """An access token, and its life in seconds."""

    token: str
    expires_in: int


class Tally(msgspec.Struct, frozen=True):
    """Wrong tries counted under one key, or with none: a place someone signed in from.

    Forgetting counts from `since`; from `forget_at` on the tally means nothing.
    """

    failures: int
    since: datetime
    forget_at: datetime
    locked_until: datetime | None = None
