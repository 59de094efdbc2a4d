"""Links that open something once: confirming an address, a new password, an invitation.

A link holds a signed token behind `#`, so that no server between writes it into a log. It says what
it is for, whose it is, about which address, and in which epoch of the account it was made: so a
password change ends all links of the account. Nothing is kept of a link until it is used, and a
mail that is written again has the same one.
"""

import hashlib
from datetime import UTC, datetime, tzinfo
from typing import Protocol

from quadrangle.accounts.joining.model import LINK_OVER, LIVES, Link, Purpose
from quadrangle.accounts.model import Account
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock, from_text
from quadrangle.kernel.errors import Gone
from quadrangle.kernel.ids import new_id

_PAGES = {
    Purpose.CONFIRM: "confirm",
    Purpose.RESET: "reset",
    Purpose.INVITATION: "invitation",
    Purpose.NEW_ADDRESS: "confirm",
}


class LinkTokens(Protocol):
    """Signs and checks what links hold; access tokens are none, and the other way round."""

    def issue(self, link: Link) -> str: ...

    def verify(self, token: str) -> Link:
        """Return what a token says. Raises Gone for one that is wrong or expired."""
        ...


class AccountLinks:
    """Makes and reads links. `public_url` is where the pages are, without a path; `zone` the
    campus's, in which mails tell times."""

    def __init__(
        self, tokens: LinkTokens, public_url: str, clock: Clock, zone: tzinfo = UTC
    ) -> None:
        self.zone = zone
        self._tokens = tokens
        self._public_url = public_url.rstrip("/")
        self._clock = clock

    def page(self, path: str) -> str:
        """Return the address of a page: `sign-in`, `account`."""
        return f"{self._public_url}/{path}"

    def invitation_url(self, account: Account) -> str:
        """Return a link, good for seven days from now, by which an invited account is taken."""
        return self._url(Purpose.INVITATION, account, account.email, new_id(), self._clock.now())

    def url(self, purpose: Purpose, account: Account, change: Change) -> str:
        """Return the link that the mail about `change` has, the same each time it is written."""
        email = account.email
        if purpose is Purpose.NEW_ADDRESS and account.new_email is not None:
            email = account.new_email
        told = f"{purpose}:{change.subject}:{change.seq}:{change.at}"
        token_id = hashlib.sha256(told.encode()).hexdigest()[:32]
        return self._url(purpose, account, email, token_id, from_text(change.at))

    def _url(
        self, purpose: Purpose, account: Account, email: str, token_id: str, at: datetime
    ) -> str:
        link = Link(
            purpose=purpose,
            account_id=account.account_id,
            epoch=account.epoch,
            email=email,
            token_id=token_id,
            iat=int(at.timestamp()),
            exp=int((at + LIVES[purpose]).timestamp()),
        )
        return f"{self.page(_PAGES[purpose])}#token={self._tokens.issue(link)}"

    def read(self, token: str, *purposes: Purpose) -> Link:
        """Return what a token says. Raises Gone unless it is ours, for this, and not too old."""
        link = self._tokens.verify(token)
        if link.purpose not in purposes:
            raise Gone(LINK_OVER)
        return link
