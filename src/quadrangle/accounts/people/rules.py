"""What administrators decide about other people's accounts; see rules.py."""

from datetime import datetime
from enum import StrEnum

import msgspec

from quadrangle.accounts import rules
from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.rules import Decision, fact
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.principal import Principal, Role

DISABLED = "This account is disabled. Please enable it first."


class Status(StrEnum):
    """How an account stands, in one word: its state, or that it was switched off."""

    INVITED = "invited"
    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    DISABLED = "disabled"
    CLOSED = "closed"


def status_of(account: Account) -> Status:
    """Return how an account stands. A closed one stays closed; else being switched off counts."""
    if account.state is AccountState.CLOSED:
        return Status.CLOSED
    if not account.active:
        return Status.DISABLED
    return Status.ACTIVE if account.state is AccountState.OPEN else Status(account.state.value)


def invite(
    account_id: str, email: str, name: str, role: Role, actor: Principal, now: datetime
) -> Decision:
    """Make an account that waits for its owner, of which a mail follows. Raises InvalidInput with
    every faulty field."""
    state = AccountState.INVITED
    return rules.open_account(account_id, email, name, role, actor, now, state)


def invite_again(account: Account, actor: Principal, now: datetime) -> Decision:
    """Have the invitation mailed once more. Raises Conflict unless the account waits for it."""
    status = status_of(account)
    if status is Status.DISABLED:
        raise Conflict(DISABLED)
    if status is not Status.INVITED:
        raise Conflict("There is no invitation that waits to be accepted.")
    return account, [invited(account, actor, now)]


def invited(account: Account, actor: Principal, now: datetime) -> Change:
    """Return the record upon which the invitation is mailed."""
    data = {"role": account.role.value}
    return fact("account.invited", account.account_id, data, actor, now)


def give_password(account: Account, actor: Principal, now: datetime) -> Decision:
    """Take a password into use that an administrator hands over: the old one's tokens end.

    Who was invited or has not confirmed the address need no link any more: the administrator knows
    who they are. Raises Conflict for a closed account.
    """
    if account.state is AccountState.CLOSED:
        raise Conflict(rules.CLOSED)
    changed, facts = rules.replace_password(account, actor, now)
    if account.state is AccountState.OPEN:
        return changed, facts
    data = {"field": "state", "old": account.state.value, "new": AccountState.OPEN.value}
    opened = fact("account.changed", account.account_id, data, actor, now)
    return msgspec.structs.replace(changed, state=AccountState.OPEN), [*facts, opened]
