"""What a link that opens something once says, and how long it holds."""

from datetime import timedelta
from enum import StrEnum

import msgspec

from quadrangle.accounts.model import Account

LONGEST_TOKEN = 2_048  # characters; ours have about 600, with the longest address 1,000
LINK_OVER = "This link has expired or was used already. Please ask for a new one."
LINK_TOO_OLD = "This link is too old. Please ask for a new one."
LINK_MOVED = (
    "This link was made while this server had another address, so it opens nothing any more. "
    "Please ask for a new one."
)
ACCEPTED = "This invitation was accepted already. Sign in with the password that was chosen then."
CORRECTED = "This invitation was replaced by a newer one, sent to a corrected address."


class Purpose(StrEnum):
    """What a link opens."""

    CONFIRM = "confirm"  # an account that was signed up for
    RESET = "reset"  # a new password
    INVITATION = "invitation"
    NEW_ADDRESS = "new-address"


LIVES = {
    Purpose.CONFIRM: timedelta(days=3),
    Purpose.RESET: timedelta(hours=1),
    Purpose.INVITATION: timedelta(days=7),
    Purpose.NEW_ADDRESS: timedelta(days=1),
}


class Link(msgspec.Struct, frozen=True):
    """What a token says. `email` is the address it was sent to; seconds since 1970."""

    purpose: Purpose
    account_id: str
    epoch: int
    email: str
    token_id: str
    iat: int
    exp: int

    def is_for(self, account: Account) -> bool:
        """Tell whether the account is as it was when the link was made."""
        told = account.new_email if self.purpose is Purpose.NEW_ADDRESS else account.email
        return (self.account_id, self.epoch, self.email) == (
            account.account_id,
            account.epoch,
            told,
        )
