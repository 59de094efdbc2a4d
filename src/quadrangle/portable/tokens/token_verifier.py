"""The one path on which tokens are checked, whoever issued them (RFC 8725 says what to mind).

What a token says of itself only chooses the issuer and the key by which it is checked: algorithms,
audiences and keys are the issuer's, as they were set here.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

import jwt
import msgspec
from jwt.utils import base64url_decode

from quadrangle.accounts.tokens.issuers import EXPIRED, NOT_OURS, Issuer, Verified
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import NotSignedIn

LEEWAY = timedelta(seconds=60)  # clocks of two machines may differ by this much
MAX_LENGTH = 8_192  # characters; ours have about 600, those of directories with groups some 3,000
# RFC 9068 wants `at+jwt`; many issuers write `JWT`, and some nothing. Other kinds are not for us.
_TYPES = frozenset({"jwt", "at+jwt", "application/at+jwt"})
# Times, issuer and audience are checked below, by our clock and for every claim alike.
_SIGNATURE_ONLY: Any = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}


class _Header(msgspec.Struct):
    alg: str
    kid: str
    typ: str = "JWT"


# Seconds since 1970, which RFC 7519 lets have fractions; the bound is in the year 5138.
_Second = Annotated[float, msgspec.Meta(ge=0, le=1e11)]


class _Times(msgspec.Struct):
    exp: _Second
    iat: _Second
    nbf: _Second = 0


class _Unverified(msgspec.Struct):
    iss: str


class TokenVerifier:
    """Checks tokens of several issuers, each known by its `iss`."""

    def __init__(self, issuers: Sequence[Issuer], clock: Clock) -> None:
        self._issuers = {issuer.iss: issuer for issuer in issuers}
        self._clock = clock

    async def verify(self, token: str) -> Verified:
        """Raises NotSignedIn for a wrong or expired token, Unavailable without its keys."""
        issuer = self._issuers.get(_unverified_issuer(token))
        if issuer is None:
            raise NotSignedIn(NOT_OURS)
        return await check_token(token, issuer, self._clock.now())


async def check_token(token: str, issuer: Issuer, now: datetime) -> Verified:
    """Check a token of one issuer. Raises NotSignedIn, Unavailable without the issuer's keys."""
    header = _part(token, 0, _Header)
    if header.alg not in issuer.algorithms or header.typ.lower() not in _TYPES:
        raise NotSignedIn(NOT_OURS)
    key = await issuer.keys.key(header.kid, header.alg)
    if key is None:
        raise NotSignedIn(NOT_OURS)
    try:
        payload = jwt.decode(token, key, algorithms=[header.alg], options=_SIGNATURE_ONLY)
    except (jwt.PyJWTError, RecursionError) as error:
        raise NotSignedIn(NOT_OURS) from error
    return _checked(payload, issuer, now)


def _checked(payload: dict[str, Any], issuer: Issuer, now: datetime) -> Verified:
    try:
        times = msgspec.convert(payload, _Times)
    except (msgspec.ValidationError, OverflowError) as error:
        raise NotSignedIn(NOT_OURS) from error
    subject = payload.get(issuer.subject_claim)
    for_us = (
        payload.get("iss") == issuer.iss
        and not issuer.audiences.isdisjoint(_texts(payload.get(issuer.audience_claim)))
        and all(payload.get(name) == value for name, value in issuer.expected.items())
    )
    if not for_us or not isinstance(subject, str) or not subject:
        raise NotSignedIn(NOT_OURS)
    instant, leeway = now.timestamp(), LEEWAY.total_seconds()
    if instant > times.exp + leeway:
        raise NotSignedIn(EXPIRED)
    if max(times.iat, times.nbf) > instant + leeway:
        raise NotSignedIn(NOT_OURS)
    return Verified(issuer, subject, int(times.exp), payload)


def _texts(value: Any) -> set[str]:
    listed = value if isinstance(value, list) else [value]
    return {each for each in listed if isinstance(each, str)}


def _unverified_issuer(token: str) -> str:
    return _part(token, 1, _Unverified).iss


def _part(token: str, index: int, kind: Any) -> Any:
    """Read the header (0) or the payload (1), nothing of which is proven yet."""
    if len(token) > MAX_LENGTH or not token.isascii():
        raise NotSignedIn(NOT_OURS)
    parts = token.split(".")
    if len(parts) != 3:
        raise NotSignedIn(NOT_OURS)
    try:
        return msgspec.json.decode(base64url_decode(parts[index]), type=kind)
    except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
        raise NotSignedIn(NOT_OURS) from error
