"""Decisions about accounts and secrets: (state, command, now) -> (state, facts) or an error."""

import unicodedata
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec

from quadrangle.accounts.model import PIN_NAME, PIN_SUBJECT, Account, AccountState, Pin
from quadrangle.accounts.secrets import guessing_rules
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, Forbidden, InvalidInput, NotSignedIn
from quadrangle.kernel.principal import Principal, Role
from quadrangle.kernel.text import Checked, is_email

MAX_NAME = 100
PASSWORD_LENGTH = (10, 200)
PIN_LENGTH = (6, 32)
FEWEST_DIFFERENT = 4  # characters in a password

CLOSED = "This account was closed, so nothing about it can be changed."

ACCESS_LIFE = timedelta(minutes=15)

# Fields whose values stay out of change records, which outlive the account.
PERSONAL = frozenset({"name", "email"})

Decision = tuple[Account, list[Change]]


def normalised(secret: str) -> str:
    """Return a secret in one form, however a keyboard composed it (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", secret)


def email_of(text: str, checked: Checked) -> str:
    """Return the address in lower case; a missing or malformed one is a fault."""
    email = text.strip()
    if not email:
        checked.fault("email", "Please fill this in.")
    elif not is_email(email):
        checked.fault("email", "Please enter an e-mail address such as name@campus.example.")
    return email.lower()


def presented(email: str, password: str) -> tuple[str, str]:
    """Return what someone signs in with, ready to compare. Raises InvalidInput."""
    checked = Checked()
    address = email_of(email, checked)
    _bounded(checked, "password", password)
    if checked.errors:
        raise InvalidInput(checked.errors)
    return address, normalised(password)


def presented_secret(field: str, secret: str) -> str:
    """Return a secret someone typed, ready to compare. Raises InvalidInput."""
    checked = Checked()
    _bounded(checked, field, secret)
    if checked.errors:
        raise InvalidInput(checked.errors)
    return normalised(secret)


def _bounded(checked: Checked, field: str, secret: str) -> None:
    if not secret:
        checked.fault(field, "Please fill this in.")
    elif len(secret) > PASSWORD_LENGTH[1]:
        checked.fault(field, f"Please use at most {PASSWORD_LENGTH[1]} characters.")


def new_password(field: str, password: str, checked: Checked) -> str:
    """Return a new password in one form; another length is a fault."""
    prepared, (shortest, longest) = normalised(password), PASSWORD_LENGTH
    if not shortest <= len(prepared) <= longest:
        checked.fault(field, f"Please use {shortest} to {longest} characters.")
    return prepared


def require_password_length(field: str, password: str) -> str:
    """Return a new password in one form. Raises InvalidInput when it is too short or too long."""
    checked = Checked()
    prepared = new_password(field, password, checked)
    if checked.errors:
        raise InvalidInput(checked.errors)
    return prepared


def check_new_password(
    password: str, email: str, field: str = "newPassword", *, name: str = ""
) -> str:
    """Return a new password ready to hash. Raises InvalidInput when it is too easy or too long.

    `email` and `name` are of the account: what is made of them is too easy.
    """
    prepared = require_password_length(field, password)
    lowered = prepared.lower()
    if lowered == email or lowered == email.partition("@")[0]:
        raise InvalidInput.at(field, "A password must not be the e-mail address.")
    words = guessing_rules.words_of(email, name)
    if guessing_rules.is_made_of(lowered, words):
        raise InvalidInput.at(
            field, "Please do not make a password of your name, your e-mail address or the campus."
        )
    if len(set(lowered)) < FEWEST_DIFFERENT or guessing_rules.is_guessed_soon(prepared, words):
        raise InvalidInput.at(field, "This password is among the first that are guessed.")
    return prepared


def check_new_pin(pin: str, field: str = "pin") -> str:
    """Return a new PIN ready to hash. Raises InvalidInput when it is too easy or too long."""
    prepared = normalised(pin)
    shortest, longest = PIN_LENGTH
    if not shortest <= len(prepared) <= longest:
        raise InvalidInput.at(field, f"Please use {shortest} to {longest} characters.")
    if not prepared.isprintable() or " " in prepared:
        raise InvalidInput.at(field, "Please use letters, digits and signs without spaces.")
    if _is_row(prepared):
        raise InvalidInput.at(field, "This PIN is among the first that are guessed.")
    return prepared


def _is_row(text: str) -> bool:
    """Tell whether each character is one more, one less, or the same as the one before."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return len(steps) == 1 and steps <= {-1, 0, 1}


def open_account(
    account_id: str,
    email: str,
    name: str,
    role: Role,
    actor: Principal,
    now: datetime,
    state: AccountState = AccountState.OPEN,
) -> Decision:
    """Make an account. Raises InvalidInput with every faulty field."""
    checked = Checked()
    address = email_of(email, checked)
    shown = checked.line("name", name, MAX_NAME)
    if checked.errors:
        raise InvalidInput(checked.errors)
    account = Account(account_id, address, shown, role, created_at=to_text(now), state=state)
    data = {"role": role.value, "state": state.value}
    return account, [fact("account.created", account_id, data, actor, now)]


class AccountEdit(msgspec.Struct, frozen=True):
    """Fields an admin may change; UNSET leaves one as it is."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    role: Role | msgspec.UnsetType = msgspec.UNSET
    active: bool | msgspec.UnsetType = msgspec.UNSET


def edit(
    account: Account, wanted: AccountEdit, other_admins: int, actor: Principal, now: datetime
) -> Decision:
    """Apply the given fields; another role or being switched off ends the account's tokens.

    Who has not come in yet has none but links, which another role leaves good. `other_admins`
    counts the other active ones. Raises InvalidInput, or Conflict for a closed account and rather
    than leave nobody to administer.
    """
    if account.state is AccountState.CLOSED:
        raise Conflict(CLOSED)
    given = {k: v for k, v in msgspec.structs.asdict(wanted).items() if v is not msgspec.UNSET}
    if "name" in given:
        checked = Checked()
        given["name"] = checked.line("name", given["name"], MAX_NAME)
        if checked.errors:
            raise InvalidInput(checked.errors)
    new = {k: v for k, v in given.items() if v != getattr(account, k)}
    edited = msgspec.structs.replace(account, **new)
    if _administers(account) and not _administers(edited) and other_admins == 0:
        raise Conflict("This is the last active administrator. Please appoint another one first.")
    is_new_role = "role" in new and account.state is AccountState.OPEN
    if is_new_role or edited.active < account.active:
        edited = msgspec.structs.replace(edited, epoch=account.epoch + 1)
    return edited, [_changed(account, field, value, actor, now) for field, value in new.items()]


def _administers(account: Account) -> bool:
    return account.usable and account.role is Role.ADMIN


def _changed(account: Account, field: str, new: Any, actor: Principal, now: datetime) -> Change:
    data = {"field": field}
    if field not in PERSONAL:
        data |= {"old": getattr(account, field), "new": new}
    return fact("account.changed", account.account_id, data, actor, now)


def replace_password(account: Account, actor: Principal, now: datetime) -> Decision:
    """Take another password into use: tokens made with the old one end."""
    # links end with the epoch: an address that was asked for has to be asked for again
    changed = msgspec.structs.replace(account, epoch=account.epoch + 1, new_email=None)
    return changed, [fact("account.password-changed", account.account_id, {}, actor, now)]


def replace_pin(
    current: Pin | None, hashed: str, actor: Principal, now: datetime
) -> tuple[Pin, Change]:
    """Take another PIN into use: tokens made with the old one end."""
    pin = Pin(hashed, current.epoch + 1 if current else 1)
    return pin, fact("account.pin-changed", PIN_SUBJECT, {}, actor, now)


def fact(kind: str, subject: str, data: dict[str, Any], actor: Principal, now: datetime) -> Change:
    """Return the change record of something that happened to an account or the PIN."""
    return Change(
        kind=kind,
        subject=subject,
        data=data,
        actor=actor.name,
        actor_id=actor.account_id,
        origin=actor.origin,
        at=to_text(now),
    )


def principal_of(
    holder: Account | Pin, epoch: int, factor_roles: frozenset[Role] = frozenset()
) -> Principal:
    """Return who signed in as `holder` in that epoch is now. Raises NotSignedIn when it ended.

    An account whose role is among `factor_roles` and that has no second factor is let in with the
    least role, so that it can set one up.
    """
    if holder.epoch != epoch:
        raise NotSignedIn("Your sign-in has ended. Please sign in again.")
    if isinstance(holder, Pin):
        return Principal(PIN_NAME, Role.STAFF)
    if not holder.usable:
        raise NotSignedIn("Your sign-in has ended. Please sign in again.")
    if holder.role in factor_roles and not holder.two_factor:
        return Principal(holder.name, Role.STUDENT, holder.account_id, held_role=holder.role)
    return Principal(holder.name, holder.role, holder.account_id)


def require_account(principal: Principal) -> str:
    """Return the id of the signed-in account. Raises NotSignedIn, or Forbidden for the PIN."""
    if principal.role is None:
        raise NotSignedIn()
    if principal.account_id is None:
        raise Forbidden("This needs an account of one's own; the staff PIN and API keys have none.")
    return principal.account_id
