"""Which secrets are guarded how. Pure."""

import hashlib
from datetime import timedelta

from quadrangle.accounts.sign_in.lockout_rules import (
    Door,
    Guard,
    KnownDevice,
    LookSlot,
    TryPolicy,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

PIN_BY_ADDRESS = TryPolicy(5, MINUTE, HOUR, forget_one=HOUR)
# Guessing from many addresses: 100 tries at once, some 10 an hour in the long run. It
# takes about a thousand years at full speed to go through PINs of 8 digits then.
PIN_BY_STRANGERS = TryPolicy(100, MINUTE, 15 * MINUTE, forget_one=5 * MINUTE, cleared=False)
PASSWORD_BY_EMAIL = TryPolicy(5, MINUTE, HOUR, forget_one=HOUR)
# Not cleared by success: one's own account would buy any number of guesses at others'. Only what
# was mistyped for the account that is right in the end is taken back.
# A whole campus may sign in from one address, and comparing a password takes a tenth of a second.
# More at once would not be quicker, and each counts as wrong until it is known to be right.
PEOPLE_AT_ONCE = 4
PASSWORD_BY_ADDRESS = TryPolicy(20, MINUTE, HOUR, forget_one=3 * MINUTE, cleared=False)
# Of a secret that a whole class may have: what some guess wrong slows looks, and keeps nobody out.
SHARED_BY_NAME = TryPolicy(30, MINUTE, HOUR, forget_one=3 * MINUTE, cleared=False)
MAIL_BY_EMAIL = TryPolicy(5, MINUTE, HOUR, forget_one=HOUR, cleared=False)
# Behind one address may be a campus, whose first-year students all sign up on one day.
MAIL_BY_ADDRESS = TryPolicy(100, MINUTE, 15 * MINUTE, forget_one=MINUTE, cleared=False)
# Of wrong links, and of passkeys. They are signed: this keeps the noise down and is not what makes
# them safe, so that a campus may have many.
SIGNED_BY_ADDRESS = TryPolicy(100, MINUTE, 15 * MINUTE, forget_one=MINUTE, cleared=False)
LINK_BY_TOKEN = TryPolicy(10, MINUTE, HOUR, forget_one=3 * MINUTE)


def _device(name: str, mark: str, policy: TryPolicy) -> KnownDevice | None:
    """Return the device that showed `mark`, as it is known for `name`; None without a mark."""
    if not mark:
        return None
    device = hashlib.sha256(mark.encode(errors="replace")).hexdigest()[:32]
    key = f"{name}:device:{device}"
    return KnownDevice(known=f"known:{key}", guard=Guard(key, policy))


def pin_door(address: str, mark: str = "") -> Door:
    """Return what guards the staff PIN against `address`; `mark` is the device's."""
    own = f"pin:{address}"
    return Door(
        always=Guard(own, PIN_BY_ADDRESS),
        stranger=Guard("pin", PIN_BY_STRANGERS),
        acquainted=None,
        known=f"pin-known:{address}",
        turns=(LookSlot(own),),
        device=_device("pin", mark, PIN_BY_ADDRESS),
    )


def password_door(email: str, address: str, mark: str = "") -> Door:
    """Return what guards the password of `email` against `address`; `mark` is the device's."""
    by_address, by_email = f"password:{address}", f"password:{email}"
    return Door(
        always=Guard(by_address, PASSWORD_BY_ADDRESS),
        stranger=Guard(by_email, PASSWORD_BY_EMAIL),
        acquainted=Guard(f"password:{email}:{address}", PASSWORD_BY_EMAIL),
        known=f"password-known:{email}:{address}",
        turns=(LookSlot(by_address, PEOPLE_AT_ONCE), LookSlot(by_email)),
        device=_device(f"password:{email}", mark, PASSWORD_BY_EMAIL),
    )


def passkey_door(address: str) -> Door:
    """Return what guards passkeys against `address`: apart from passwords, which others guess.

    Nobody guesses a signature; but asking goes on as long as the answers do.
    """
    by_address = f"passkey:{address}"
    return Door(
        always=Guard(by_address, SIGNED_BY_ADDRESS),
        stranger=None,
        acquainted=None,
        known=f"passkey-known:{address}",
        turns=(LookSlot(by_address, PEOPLE_AT_ONCE),),
    )


def mail_door(email: str, address: str) -> Door:
    """Return what guards against having mails sent to `email`, asked for from `address`.

    Each one counts: none of them is a right or a wrong secret.
    """
    by_address, by_email = f"mail:{address}", f"mail:{email}"
    return Door(
        always=Guard(by_address, MAIL_BY_ADDRESS),
        stranger=Guard(by_email, MAIL_BY_EMAIL),
        acquainted=None,
        known=f"mail-known:{email}:{address}",  # nobody ever is
        turns=(LookSlot(by_address), LookSlot(by_email)),
    )


def link_door(token_id: str, address: str) -> Door:
    """Return what guards links of mails against `address`; `token_id` tells tokens apart."""
    by_address, by_token = f"link:{address}", f"link:{token_id}"
    return Door(
        always=Guard(by_address, SIGNED_BY_ADDRESS),
        stranger=Guard(by_token, LINK_BY_TOKEN),
        acquainted=None,
        known=f"link-known:{token_id}",
        turns=(LookSlot(by_address), LookSlot(by_token)),
    )


def shared_door(name: str, address: str) -> Door:
    """Return what guards a secret that many people share against `address`; `name` tells it from
    others. Nobody is locked out by those who guess elsewhere."""
    by_address, here = f"shared:{address}", f"shared:{name}:{address}"
    return Door(
        always=Guard(by_address, PASSWORD_BY_ADDRESS),
        stranger=Guard(here, PASSWORD_BY_EMAIL),
        acquainted=Guard(here, PASSWORD_BY_EMAIL),
        known=f"shared-known:{name}:{address}",
        turns=(LookSlot(by_address, PEOPLE_AT_ONCE),),
        slowing=Guard(f"shared:{name}", SHARED_BY_NAME),
    )
