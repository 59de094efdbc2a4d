"""Codes of an authenticator app (RFC 6238): six digits, new every 30 seconds.

The library is imported with the first of them: functions of AWS start sooner without.
"""

import hmac
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyotp.totp import TOTP

STEP_S = 30
# A phone's clock may be a minute off.
STEPS_AROUND = 2
_DIGITS = 6


def new_secret() -> str:
    """Return 160 random bits in base32, which apps take."""
    from pyotp import random_base32

    return random_base32(32)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step `code` is of, at most STEPS_AROUND from now; None when it is wrong."""
    if len(code) != _DIGITS or not (code.isascii() and code.isdigit()):
        return None
    totp = _totp(secret)
    present = int(now.timestamp()) // STEP_S
    found = None
    for step in range(present - STEPS_AROUND, present + STEPS_AROUND + 1):
        if hmac.compare_digest(totp.generate_otp(step), code):
            found = step
    return found


def uri(secret: str, email: str, issuer: str) -> str:
    """Return the otpauth address that apps read from a QR picture."""
    return _totp(secret).provisioning_uri(name=email, issuer_name=issuer)


def _totp(secret: str) -> "TOTP":
    from pyotp.totp import TOTP

    return TOTP(secret, digits=_DIGITS, interval=STEP_S)
