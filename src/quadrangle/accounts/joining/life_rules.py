"""How an account comes and goes: signed up, confirmed, invited, moved to another address, closed.

Pure: (account, command, now) -> (account, facts) or an error. What a link opens is looked at here
once more, in the write itself, so of two who use one link at once only one gets through.
"""

from datetime import datetime

import msgspec

from quadrangle.accounts import rules
from quadrangle.accounts.joining.model import (
    ACCEPTED,
    CORRECTED,
    LINK_OVER,
    LONGEST_TOKEN,
    Link,
    Purpose,
)
from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.policy_model import AccountPolicy, SignUp
from quadrangle.accounts.rules import Decision
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict, Forbidden, Gone, InvalidInput
from quadrangle.kernel.principal import Principal, Role
from quadrangle.kernel.text import Checked

FORMER = "Former member"
_NOBODYS = "closed.invalid"  # a domain no mail ever reaches (RFC 2606)


def require_sign_up(policy: AccountPolicy) -> None:
    """Raise Forbidden where people do not open accounts by themselves."""
    if policy.sign_up is SignUp.INVITATION:
        raise Forbidden("Accounts are by invitation here. Please ask an administrator for one.")
    if policy.sign_up is SignUp.CLOSED:
        raise Forbidden("Accounts are not opened here. Please sign in with your campus account.")


def check_domain(email: str, policy: AccountPolicy, checked: Checked) -> None:
    """Note a fault where only addresses of some domains are taken and this is of none of them."""
    if policy.sign_up is not SignUp.DOMAINS or email.rpartition("@")[2] in policy.domains:
        return
    if not any(error.field == "email" for error in checked.errors):
        listed = ", ".join(f"@{domain}" for domain in policy.domains)
        checked.fault("email", f"Please use your campus address: one that ends in {listed}.")


def new_address(text: str, account: Account, policy: AccountPolicy) -> str:
    """Return the address an account shall move to. Raises InvalidInput."""
    checked = Checked()
    email = rules.email_of(text, checked)
    check_domain(email, policy, checked)
    if email == account.email:
        checked.fault("email", "This is the address you have now.")
    if checked.errors:
        raise InvalidInput(checked.errors)
    return email


def sign_up(
    account_id: str, email: str, name: str, policy: AccountPolicy, actor: Principal, now: datetime
) -> Decision:
    """Make an account that waits for its address to be confirmed.

    Raises Forbidden where nobody may, and InvalidInput with every faulty field.
    """
    require_sign_up(policy)
    checked = Checked()
    address = rules.email_of(email, checked)
    check_domain(address, policy, checked)
    checked.line("name", name, rules.MAX_NAME)
    if checked.errors:
        raise InvalidInput(checked.errors)
    state = AccountState.UNCONFIRMED
    return rules.open_account(account_id, address, name, Role.STUDENT, actor, now, state)


def sign_up_again(account: Account, actor: Principal, now: datetime) -> Decision:
    """Note that somebody signed up with an address that has an account.

    Nobody knows yet whose password an unconfirmed account has: links made before end, and whoever
    reads the mails of the address gets one to choose the password anew. Otherwise one could sign up
    with another's address and wait until they confirm it.
    """
    facts = [rules.fact("account.sign-up-repeated", account.account_id, {}, actor, now)]
    if account.state is not AccountState.UNCONFIRMED:
        return account, facts
    return msgspec.structs.replace(account, epoch=account.epoch + 1), facts


def is_disputed(account: Account) -> bool:
    """Tell whether an unconfirmed account may have the password of somebody else."""
    return account.epoch > 1


def check_form(
    token: str, *, name: str | None = None, password: tuple[str, str] | None = None
) -> None:
    """Look at what comes with a link before the link: all that is missing, too long or too short.

    `password` is a new one with its field before it. Raises InvalidInput.
    """
    checked = Checked()
    if not token:
        checked.fault("token", "Please fill this in.")
    elif len(token) > LONGEST_TOKEN:
        checked.fault("token", f"Please use at most {LONGEST_TOKEN:,} characters.")
    if name is not None:
        checked.line("name", name, rules.MAX_NAME)
    if password is not None:
        rules.new_password(*password, checked)
    if checked.errors:
        raise InvalidInput(checked.errors)


def confirm(account: Account, link: Link, origin: str, now: datetime) -> Decision:
    """Open an account whose owner has read the mail. Raises Gone."""
    _require_opens(link, account, AccountState.UNCONFIRMED)
    return _opened(account, _owner(account, origin), now)


def vouch(account: Account, name: str, origin: str | None, now: datetime) -> Decision:
    """Open an account that was never confirmed for whom an outside issuer vouches for.

    Who signed up with the address may be somebody else: `name` takes the place of theirs, and
    their links and sign-ins end. Their password is to go in the same write. Raises Conflict when
    there is nothing to confirm any more.
    """
    if account.state is not AccountState.UNCONFIRMED:
        raise Conflict()
    named = msgspec.structs.replace(account, name=name, epoch=account.epoch + 1, new_email=None)
    actor = Principal(name, account.role, account.account_id, origin=origin)
    return _opened(named, actor, now)


def take_new_address(account: Account, link: Link, origin: str, now: datetime) -> Decision:
    """Move to the address whose owner has read the mail. Raises Gone."""
    _require_opens(link, account, AccountState.OPEN)
    moved = msgspec.structs.replace(account, email=link.email, new_email=None)
    data = {"field": "email"}
    actor = _owner(account, origin)
    return moved, [rules.fact("account.changed", account.account_id, data, actor, now)]


def reset_password(account: Account, link: Link, origin: str, now: datetime) -> Decision:
    """Take a new password into use; the link proves the address, too. Raises Gone."""
    _require_opens(link, account, AccountState.OPEN, AccountState.UNCONFIRMED)
    actor = _owner(account, origin)
    opened, facts = account, []
    if account.state is AccountState.UNCONFIRMED:
        opened, facts = _opened(account, actor, now)
    changed, more = rules.replace_password(opened, actor, now)
    return changed, [*facts, *more]


def accept_invitation(
    account: Account, link: Link, name: str, origin: str, now: datetime
) -> Decision:
    """Open an invited account under the name its owner goes by. Raises Gone, InvalidInput."""
    _require_opens(link, account, AccountState.INVITED)
    checked = Checked()
    shown = checked.line("name", name, rules.MAX_NAME)
    if checked.errors:
        raise InvalidInput(checked.errors)
    named = msgspec.structs.replace(account, name=shown, epoch=account.epoch + 1)
    return _opened(named, _owner(named, origin), now)


def require_opens(link: Link, account: Account | None) -> Account:
    """Return the account a link opens something of. Raises Gone."""
    if account is None or not account.active:
        raise Gone(LINK_OVER)
    if not link.is_for(account):
        raise Gone(_why_over(link, account))
    return account


def _why_over(link: Link, account: Account) -> str:
    """Return why a link that we signed opens nothing: only its holder gets to read that."""
    if link.purpose is not Purpose.INVITATION:
        return LINK_OVER
    return CORRECTED if account.state is AccountState.INVITED else ACCEPTED


def _require_opens(link: Link, account: Account, *states: AccountState) -> None:
    if require_opens(link, account).state not in states:
        raise Gone(LINK_OVER)


def _opened(account: Account, actor: Principal, now: datetime) -> Decision:
    opened = msgspec.structs.replace(account, state=AccountState.OPEN)
    data = {"role": account.role.value, "before": account.state.value}
    return opened, [rules.fact("account.confirmed", account.account_id, data, actor, now)]


def _owner(account: Account, origin: str) -> Principal:
    return Principal(account.name, account.role, account.account_id, origin=origin)


def ask_new_address(account: Account, email: str, actor: Principal, now: datetime) -> Decision:
    """Keep an address that is to be confirmed; the one asked for before is forgotten."""
    asked = msgspec.structs.replace(account, new_email=email)
    return asked, [rules.fact("account.new-address-asked", account.account_id, {}, actor, now)]


def close(account: Account, other_admins: int, origin: str | None, now: datetime) -> Decision:
    """End an account for good. Raises Conflict rather than leave nobody to administer.

    Its name and addresses stay until the mail that tells of it is written: see `erase`.
    """
    if account.state is AccountState.CLOSED:
        return account, []
    if account.usable and account.role is Role.ADMIN and other_admins == 0:
        raise Conflict("This is the last active administrator. Please appoint another one first.")
    closed = msgspec.structs.replace(
        account,
        state=AccountState.CLOSED,
        active=False,
        epoch=account.epoch + 1,
        two_factor=False,
    )
    actor = Principal(FORMER, account.role, account.account_id, origin=origin)
    return closed, [rules.fact("account.closed", account.account_id, {}, actor, now)]


def is_erased(account: Account) -> bool:
    """Tell whether nothing personal is left of a closed account."""
    return account.email == _erased_email(account)


def erase(account: Account, now: datetime) -> tuple[Account, list[Change]]:
    """Take name and address from a closed account; an erased one is left as it is."""
    if account.state is not AccountState.CLOSED or is_erased(account):
        return account, []
    erased = msgspec.structs.replace(
        account, name=FORMER, email=_erased_email(account), new_email=None
    )
    actor = Principal(FORMER, account_id=account.account_id)
    return erased, [rules.fact("account.erased", account.account_id, {}, actor, now)]


def _erased_email(account: Account) -> str:
    return f"{account.account_id}@{_NOBODYS}"
