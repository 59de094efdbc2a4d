"""How what a function is told is said: parameters of its template under the names it reads."""

import re

BUCKET = {"PHOTOS_BUCKET": '!Sub "${Prefix}photos-${AWS::AccountId}"'}
# What tells whose tokens are taken, those of outside issuers too, and what their holders may do.
TOKENS = ("UserPool", "PoolClients", "OidcIssuer", "OidcClientId", "TwoFactor", "PinSignIn")


def told(*parameters: str) -> dict[str, str]:
    """Return the variable of each parameter: `PUBLIC_URL` for `PublicUrl`."""
    return {_variable(name): f"!Ref {name}" for name in parameters}


def _variable(parameter: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", parameter).upper()
