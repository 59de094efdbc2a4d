"""Decisions about passkeys. Pure: the time is an argument."""

import re
from datetime import datetime

import msgspec

from quadrangle.accounts.own.passkey_model import Passkey, Registered
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound
from quadrangle.kernel.text import Checked

MAX_NAME = 60
MOST = 20  # of an account

# Base64url of at most 1,023 bytes.
_ID = re.compile(r"[A-Za-z0-9_-]{1,1364}")

NO_PASSKEY = "There is no such passkey."


class Cloned(Exception):
    """The device counts fewer signatures than it told before: there are two of it."""


def is_passkey_id(text: str) -> bool:
    """Tell whether a passkey can have this id."""
    return _ID.fullmatch(text) is not None


def check_name(name: str) -> str:
    """Return the name of a passkey on one line. Raises InvalidInput."""
    checked = Checked()
    shown = checked.line("name", name, MAX_NAME)
    if checked.errors:
        raise InvalidInput(checked.errors)
    return shown


def new_passkey(account_id: str, name: str, made: Registered, now: datetime) -> Passkey:
    """Return a passkey as it is kept; `name` has been checked."""
    return Passkey(
        passkey_id=made.passkey_id,
        account_id=account_id,
        name=name,
        public_key=made.public_key,
        sign_count=made.sign_count,
        transports=made.transports,
        created_at=to_text(now),
    )


def require_room(count: int) -> None:
    """Raise Conflict when an account with `count` passkeys may have no more."""
    if count >= MOST:
        raise Conflict(f"An account can have {MOST} passkeys. Please remove one first.")


def rename(passkey: Passkey, account_id: str, name: str) -> Passkey:
    """Give a passkey of that account another name. Raises NotFound for another's."""
    if passkey.account_id != account_id:
        raise NotFound(NO_PASSKEY)
    return msgspec.structs.replace(passkey, name=name)


def use(passkey: Passkey, sign_count: int, now: datetime) -> Passkey:
    """Take note of a sign-in with it. Raises Cloned when the count did not grow (WebAuthn, 6.1.1).

    Devices that do not count tell 0 each time.
    """
    if (sign_count or passkey.sign_count) and sign_count <= passkey.sign_count:
        raise Cloned
    return msgspec.structs.replace(passkey, sign_count=sign_count, used_at=to_text(now))
