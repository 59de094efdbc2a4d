"""Decisions about second factors. Pure: the time is an argument.

Every change of factors raises the account's epoch, so all sign-ins made before it end (OWASP ASVS
5.0, 7.4.3); the one that made the change is carried on. As the epoch tells of each, who decides by
the factors that are left looks whether it is still the one they were read in.
"""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from quadrangle.accounts.model import Account, Session
from quadrangle.accounts.rules import PASSWORD_LENGTH, Decision, fact
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text
from quadrangle.kernel.errors import Conflict, FieldError, Forbidden, InvalidInput
from quadrangle.kernel.principal import Principal, Role

# How long ago someone without a password may have signed in to change what they sign in with.
FRESH = timedelta(minutes=10)

NOT_FRESH = "Please sign out and in again first: this needs a sign-in of the last ten minutes."
LAST_FACTOR = (
    "Your role needs two-factor sign-in, and this is all you have for it. "
    "Please set up another app or passkey first."
)


# Characters. A password may be empty: some accounts have none.
LENGTHS = {
    "password": (0, PASSWORD_LENGTH[1]),
    "code": (1, 40),
    "enrolment": (1, 4_096),
    "state": (1, 4_096),
}


class FactorChange(StrEnum):
    """What happened to an account's second factors; `what` of `account.second-factor-changed`."""

    TOTP_ADDED = "totp added"
    TOTP_REPLACED = "totp replaced"
    TOTP_REMOVED = "totp removed"
    PASSKEY_ADDED = "passkey added"
    PASSKEY_REMOVED = "passkey removed"
    CODES_RENEWED = "recovery codes renewed"
    ALL_REMOVED = "all removed"


def require_lengths(**given: str) -> None:
    """Raise InvalidInput with every field that is shorter or longer than LENGTHS."""
    errors = []
    for field, text in given.items():
        shortest, longest = LENGTHS[field]
        if len(text) < shortest:
            errors.append(FieldError(field, "Please fill this in."))
        elif len(text) > longest:
            errors.append(FieldError(field, f"Please use at most {longest:,} characters."))
    if errors:
        raise InvalidInput(errors)


def change_factors(
    account: Account,
    seen: Account,
    what: FactorChange,
    actor: Principal,
    now: datetime,
    *,
    left: bool,
) -> Decision:
    """Take note of a factor that came or went; `left` tells whether there is one afterwards.

    Raises Conflict when the account is not as it was `seen`, with the factors it had then.
    """
    if account.epoch != seen.epoch:
        raise Conflict()
    changed = msgspec.structs.replace(account, two_factor=left, epoch=account.epoch + 1)
    return changed, [told(account.account_id, what, actor, now)]


def told(account_id: str, what: FactorChange, actor: Principal, now: datetime) -> Change:
    """Return the change record of that."""
    return fact("account.second-factor-changed", account_id, {"what": what.value}, actor, now)


def require_left(account: Account, factor_roles: frozenset[Role], *, left: bool) -> None:
    """Raise Conflict when the role needs a second factor and none would be left."""
    if not left and account.role in factor_roles:
        raise Conflict(LAST_FACTOR)


def require_fresh(session: Session | None, now: datetime) -> None:
    """Raise Forbidden unless someone signed in just now, refreshing not counted."""
    if session is None or now - from_text(session.created_at) >= FRESH:
        raise Forbidden(NOT_FRESH)
