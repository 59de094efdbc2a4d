"""What an account is, and what a token says. Frozen values; nothing here holds a secret.

Instants are texts as kernel.clock.to_text writes them, except in tokens (seconds since 1970, as
RFC 7519 wants them) and in tallies (datetimes: they are reckoned with).
"""

from datetime import datetime

import msgspec

from quadrangle.kernel.principal import Role

PIN_SUBJECT = "staff-pin"  # stands where an account's id would
PIN_NAME = "Staff (PIN)"


class Account(msgspec.Struct, frozen=True):
    """A person. `email` is in lower case; tokens made in an earlier `epoch` have ended."""

    account_id: str
    email: str
    name: str
    role: Role
    created_at: str
    active: bool = True
    epoch: int = 1


class Pin(msgspec.Struct, frozen=True):
    """The staff PIN that holds now, as its hash; changing it raises the epoch."""

    hash: str
    epoch: int


class Claims(msgspec.Struct, frozen=True):
    """What a token says of its holder.

    `sub` is an account's id or PIN_SUBJECT. `sid` names the sign-in all its tokens come from, and
    `auth_time` when that was. `role` and `name` are for others who read our tokens: the platform
    itself asks its store.
    """

    sub: str
    role: str
    name: str
    epoch: int
    sid: str
    jti: str
    auth_time: int
    iat: int
    exp: int


class SignedIn(msgspec.Struct, frozen=True):
    """A sign-in: a short token for programs, a longer one for the page cookie; lives in seconds.

    `account` is None for the staff PIN.
    """

    access_token: str
    expires_in: int
    page_token: str
    page_expires_in: int
    account: Account | None = None


class Tally(msgspec.Struct, frozen=True):
    """Wrong tries counted under one key, or with none: a place someone signed in from.

    Forgetting counts from `since`; from `forget_at` on the tally means nothing.
    """

    failures: int
    since: datetime
    forget_at: datetime
    locked_until: datetime | None = None
