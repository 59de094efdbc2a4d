"""Mails of accounts that waited, such as until a mail server was set: what is true of them now.

An invitation whose account was taken meanwhile is not sent; one whose account still waits is
written anew, so that its link holds from now on and leads to where the pages are now.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias

import msgspec

from quadrangle.accounts import mails
from quadrangle.accounts.joining.links import AccountLinks
from quadrangle.accounts.joining.model import LIVES, Purpose
from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.ports import AccountStore
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.mail import Mail, MailOver

_Write: TypeAlias = Callable[[Account, Change, AccountLinks], Mail]
FRESH = timedelta(hours=1)  # no link lives shorter: one as young as this is good as it is


class _Opening(msgspec.Struct, frozen=True):
    """A mail with a link: how it is written, for accounts in which states, why else it is over.

    `renews`: its link may hold from the day it is sent, as nobody asked for it at a certain time.
    """

    write: _Write
    purpose: Purpose
    states: tuple[AccountState, ...]
    over: str
    renews: bool = False


_INVITED, _OPEN, _UNCONFIRMED = AccountState.INVITED, AccountState.OPEN, AccountState.UNCONFIRMED
_OPENINGS = {
    "invitation": _Opening(
        mails.invitation,
        Purpose.INVITATION,
        (_INVITED,),
        "The invitation was accepted meanwhile.",
        renews=True,
    ),
    "confirm": _Opening(
        mails.confirm,
        Purpose.CONFIRM,
        (_UNCONFIRMED,),
        "The address was confirmed meanwhile.",
        renews=True,
    ),
    "choose": _Opening(
        mails.choose, Purpose.RESET, (_UNCONFIRMED,), "A password was chosen meanwhile."
    ),
    "reset": _Opening(mails.reset, Purpose.RESET, (_OPEN,), "The account is no longer open."),
    "new_address": _Opening(
        mails.new_address, Purpose.NEW_ADDRESS, (_OPEN,), "The account is no longer open."
    ),
}
_CLOSED = "The account is disabled or closed."
_OTHER_ADDRESS = "The account has another address by now."
_TOO_OLD = "The link in it is too old. A new one can be asked for."


class WaitingMails:
    """Implements kernel.mail.MailReview for the mails of accounts; others pass as they are."""

    def __init__(self, accounts: AccountStore, links: AccountLinks, clock: Clock) -> None:
        self._accounts = accounts
        self._links = links
        self._clock = clock

    async def reviewed(self, mail: Mail, written: datetime) -> Mail:
        occasion, _, rest = mail.key.partition(":")
        opening = _OPENINGS.get(occasion)
        if opening is None:
            return mail
        account_id, _, rest = rest.partition(":")
        account = await self._accounts.get(account_id)
        if account is None or not account.active:
            raise MailOver(_CLOSED)
        self._require_due(opening, account, mail)
        age = self._clock.now() - written
        if age < FRESH and self._links.page("") in mail.text:
            return mail
        if not opening.renews and age >= LIVES[opening.purpose]:
            raise MailOver(_TOO_OLD)
        at = self._clock.now() if opening.renews else written
        change = Change(
            f"mail.{occasion}", account_id, {}, "", to_text(at), seq=int(rest.partition(":")[0])
        )
        return msgspec.structs.replace(
            opening.write(account, change, self._links), key=mail.key, to=mail.to
        )

    def _require_due(self, opening: _Opening, account: Account, mail: Mail) -> None:
        if account.state not in opening.states:
            raise MailOver(opening.over)
        is_new = opening.purpose is Purpose.NEW_ADDRESS
        if mail.to != (account.new_email if is_new else account.email):
            raise MailOver(_OTHER_ADDRESS)
