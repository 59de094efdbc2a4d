"""The mails of the account service: links that open something, and notes of what happened.

All are private: most of them hold a link that opens the account, and what happens to one's account
is nobody else's business.
"""

from datetime import tzinfo

from quadrangle.accounts.joining.links import AccountLinks
from quadrangle.accounts.joining.model import LIVES, Purpose
from quadrangle.accounts.model import Account
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text
from quadrangle.kernel.mail import Mail
from quadrangle.letters.templates import templates_of
from quadrangle.letters.texts import one_line

_ACCOUNT_PAGE, _SIGN_IN_PAGE, _FORGOTTEN_PAGE = "account", "sign-in", "reset"
_SUBJECTS = {
    "confirm": "Please confirm your address",
    "known": "You have an account already",
    "reset": "Set a new password",
    "choose": "Please choose a password",
    "invitation": "You are invited to Quadrangle",
    "new_address": "Please confirm your new address",
    "address_asked": "Your address is about to change",
    "password_changed": "Your password was changed",
    "factor_changed": "Your two-factor sign-in was changed",
    "token_reused": "A sign-in was ended for your safety",
    "closed": "Your account is closed",
}


def confirm(account: Account, change: Change, links: AccountLinks) -> Mail:
    """Let a new account's owner confirm the address."""
    return _opening("confirm", Purpose.CONFIRM, account, change, links)


def choose(account: Account, change: Change, links: AccountLinks) -> Mail:
    """Let the owner of an address that more than one signed up with choose the password."""
    return _opening("choose", Purpose.RESET, account, change, links)


def reset(account: Account, change: Change, links: AccountLinks) -> Mail:
    """Let the owner of an account set a new password."""
    return _opening("reset", Purpose.RESET, account, change, links)


def invitation(account: Account, change: Change, links: AccountLinks) -> Mail:
    """Let someone invited take the account."""
    return _opening("invitation", Purpose.INVITATION, account, change, links)


def new_address(account: Account, change: Change, links: AccountLinks) -> Mail:
    """Let the owner confirm the address the account shall move to; there is a `new_email`."""
    assert account.new_email is not None
    return _opening(
        "new_address", Purpose.NEW_ADDRESS, account, change, links, to=account.new_email
    )


def known(account: Account, change: Change, links: AccountLinks, *, to: str | None = None) -> Mail:
    """Tell the owner of an address that it has an account already."""
    return _mail("known", account, change, links.zone, links.page(_SIGN_IN_PAGE), to=to)


def address_asked(account: Account, change: Change, links: AccountLinks) -> Mail:
    """Tell the present address that another was asked for."""
    return _mail("address_asked", account, change, links.zone, links.page(_FORGOTTEN_PAGE))


def password_changed(account: Account, change: Change, links: AccountLinks) -> Mail:
    return _mail("password_changed", account, change, links.zone, links.page(_FORGOTTEN_PAGE))


def factor_changed(account: Account, change: Change, links: AccountLinks) -> Mail:
    return _mail("factor_changed", account, change, links.zone, links.page(_ACCOUNT_PAGE))


def token_reused(account: Account, change: Change, links: AccountLinks) -> Mail:
    """Tell the owner that a refresh token was used twice, so that its sign-in ended."""
    return _mail("token_reused", account, change, links.zone, links.page(_ACCOUNT_PAGE))


def closed(account: Account, change: Change, links: AccountLinks) -> Mail:
    """Take leave of someone whose account is not erased yet."""
    return _mail("closed", account, change, links.zone, "")


def _opening(
    occasion: str,
    purpose: Purpose,
    account: Account,
    change: Change,
    links: AccountLinks,
    *,
    to: str | None = None,
) -> Mail:
    until = (from_text(change.at) + LIVES[purpose]).astimezone(links.zone)
    link = links.url(purpose, account, change)
    return _mail(occasion, account, change, links.zone, link, until=until, to=to)


def _mail(
    occasion: str,
    account: Account,
    change: Change,
    zone: tzinfo,
    link: str,
    *,
    to: str | None = None,
    **values: object,
) -> Mail:
    context = {
        "name": one_line(account.name),
        "email": account.email,
        "new_email": account.new_email or "",
        "role": account.role.value,
        "at": from_text(change.at).astimezone(zone),
        "origin": change.origin or "",
        "link": link,
        **values,
    }
    templates, reader = templates_of("quadrangle.accounts"), to or account.email
    return Mail(
        # places are counted for each subject on some stores
        key=f"{occasion}:{change.subject}:{change.seq}:{reader}",
        to=reader,
        subject=_SUBJECTS[occasion],
        text=templates.get_template(f"{occasion}.txt").render(context),
        html=templates.get_template(f"{occasion}.html").render(context),
        private=True,
    )
