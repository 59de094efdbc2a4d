"""Our own tokens: JWTs signed with Ed25519 (RFC 8037), checked by keys everyone may fetch."""

from datetime import timedelta
from typing import Any

import jwt
import msgspec

from quadrangle.accounts.model import Claims
from quadrangle.accounts.signing_keys import CurrentKeys
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import NotSignedIn

AUDIENCE = "quadrangle"
LEEWAY = timedelta(seconds=60)  # clocks of two machines may differ by this much
MAX_LENGTH = 4_096  # characters; ours have about 600
_ALGORITHM = "EdDSA"


class JwtTokens:
    """Implements accounts.ports.Tokens. The first of `keys` signs; all of them are accepted.

    All methods also raise what `keys` raises.
    """

    def __init__(self, keys: CurrentKeys, issuer: str, clock: Clock) -> None:
        self._keys = keys
        self._issuer = issuer
        self._clock = clock

    def issue(self, claims: Claims) -> str:
        payload = {**msgspec.structs.asdict(claims), "iss": self._issuer, "aud": AUDIENCE}
        signer = self._keys()[0]
        headers = {"kid": signer.kid}
        return jwt.encode(payload, signer.private, algorithm=_ALGORITHM, headers=headers)

    def verify(self, token: str) -> Claims:
        """Return what a token of ours says. Raises NotSignedIn for any other, or an expired one."""
        claims = self._claims(token)
        now = self._clock.now().timestamp()
        leeway = LEEWAY.total_seconds()
        if now > claims.exp + leeway:
            raise NotSignedIn("Your sign-in has expired. Please sign in again.")
        if claims.iat > now + leeway:
            raise _not_ours()
        return claims

    def _claims(self, token: str) -> Claims:
        if len(token) > MAX_LENGTH or not token.isascii():
            raise _not_ours()
        keys = {key.kid: key for key in self._keys()}
        try:
            key = keys[jwt.get_unverified_header(token)["kid"]]
            decoded = jwt.decode(
                token,
                key.private.public_key(),
                algorithms=[_ALGORITHM],
                audience=AUDIENCE,
                issuer=self._issuer,
                # times are checked above, by our clock
                options={"verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
            return msgspec.convert(decoded, Claims)
        except (jwt.InvalidTokenError, KeyError, msgspec.ValidationError) as error:
            raise _not_ours() from error

    def public_keys(self) -> dict[str, Any]:
        return {"keys": [key.public_jwk() for key in self._keys()]}


def _not_ours() -> NotSignedIn:
    return NotSignedIn("This access token is not one of ours.")
