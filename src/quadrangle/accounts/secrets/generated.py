"""Secrets made for people to write down once."""

import secrets

from quadrangle.accounts import rules
from quadrangle.kernel.errors import InvalidInput

# Crockford's base 32, without letters that look like digits.
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


def make_password() -> str:
    """Return five groups of four letters and digits, 100 bits: `k7mq-3fzt-x0va-9wpn-e2rd`."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(5))


def make_pin() -> str:
    """Return eight digits that are not among the first anyone tries."""
    while True:
        pin = "".join(secrets.choice("0123456789") for _ in range(8))
        try:
            return rules.check_new_pin(pin)
        except InvalidInput:
            continue
