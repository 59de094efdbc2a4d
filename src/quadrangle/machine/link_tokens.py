"""The tokens of one-time links: JWTs by the same keys as access tokens, for another audience."""

import jwt
import msgspec

from quadrangle.accounts.links import LINK_OVER, LONGEST_TOKEN, Link, Purpose
from quadrangle.accounts.signing_keys import CurrentKeys
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Gone

AUDIENCE = "quadrangle-link"  # of access tokens it is another: neither is taken for the other
_ALGORITHM = "EdDSA"


class _Payload(msgspec.Struct, frozen=True):
    sub: str
    purpose: Purpose
    epoch: int
    email: str
    jti: str
    iat: int
    exp: int


class JwtLinkTokens:
    """Implements accounts.links.LinkTokens. The first of `keys` signs; all of them are accepted.

    Both methods also raise what `keys` raises.
    """

    def __init__(self, keys: CurrentKeys, issuer: str, clock: Clock) -> None:
        self._keys = keys
        self._issuer = issuer
        self._clock = clock

    def issue(self, link: Link) -> str:
        told = _Payload(
            sub=link.account_id,
            purpose=link.purpose,
            epoch=link.epoch,
            email=link.email,
            jti=link.token_id,
            iat=link.iat,
            exp=link.exp,
        )
        payload = {**msgspec.to_builtins(told), "iss": self._issuer, "aud": AUDIENCE}
        signer = self._keys()[0]
        headers = {"kid": signer.kid}
        return jwt.encode(payload, signer.private, algorithm=_ALGORITHM, headers=headers)

    def verify(self, token: str) -> Link:
        payload = self._payload(token)
        if self._clock.now().timestamp() >= payload.exp:
            raise Gone(LINK_OVER)
        return Link(
            purpose=payload.purpose,
            account_id=payload.sub,
            epoch=payload.epoch,
            email=payload.email,
            token_id=payload.jti,
            iat=payload.iat,
            exp=payload.exp,
        )

    def _payload(self, token: str) -> _Payload:
        if len(token) > LONGEST_TOKEN or not token.isascii():
            raise Gone(LINK_OVER)
        keys = {key.kid: key for key in self._keys()}
        try:
            key = keys[jwt.get_unverified_header(token)["kid"]]
            decoded = jwt.decode(
                token,
                key.private.public_key(),
                algorithms=[_ALGORITHM],
                audience=AUDIENCE,
                issuer=self._issuer,
                # the end is looked at above, by our clock
                options={"verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
            return msgspec.convert(decoded, _Payload)
        except (jwt.InvalidTokenError, KeyError, msgspec.ValidationError) as error:
            raise Gone(LINK_OVER) from error
