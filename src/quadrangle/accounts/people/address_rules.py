"""What administrators decide about the address of somebody else's account; see rules.py."""

from datetime import datetime

import msgspec

from quadrangle.accounts import rules
from quadrangle.accounts.joining import life_rules
from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.people import rules as people_rules
from quadrangle.accounts.rules import Decision
from quadrangle.kernel.errors import Conflict, InvalidInput
from quadrangle.kernel.principal import Principal
from quadrangle.kernel.text import Checked


def correct_address(account: Account, text: str, actor: Principal, now: datetime) -> Decision:
    """Take another address for an account, of which its mails follow.

    Who has not come in yet has it at once, and a new invitation or link goes there; links sent to
    the old one end. An open account moves once the mail to the new address is answered, as when its
    owner asks, and the old address learns of it. Raises InvalidInput, or Conflict for an account
    that is closed or disabled.
    """
    if account.state is AccountState.CLOSED:
        raise Conflict(rules.CLOSED)
    if not account.active:
        raise Conflict(people_rules.DISABLED)
    checked = Checked()
    email = rules.email_of(text, checked)
    if email == account.email:
        checked.fault("email", "This is the address the account has now.")
    if checked.errors:
        raise InvalidInput(checked.errors)
    if account.state is AccountState.OPEN:
        return life_rules.ask_new_address(account, email, actor, now)
    moved = msgspec.structs.replace(account, email=email)
    changed = rules.fact("account.changed", account.account_id, {"field": "email"}, actor, now)
    if account.state is AccountState.INVITED:
        return moved, [changed, people_rules.invited(moved, actor, now)]
    # who signed up with a wrong address chose the password, but nobody knows who reads the new one
    disputed = msgspec.structs.replace(moved, epoch=account.epoch + 1)
    asked = rules.fact("account.confirmation-asked", account.account_id, {}, actor, now)
    return disputed, [changed, asked]
