"""The tokens of one-time links: JWTs by the same keys as access tokens, for another audience."""

import msgspec

from quadrangle.accounts.joining.model import (
    LINK_MOVED,
    LINK_OVER,
    LINK_TOO_OLD,
    LONGEST_TOKEN,
    Link,
    Purpose,
)
from quadrangle.accounts.tokens.signing_keys import CurrentKeys
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Gone
from quadrangle.portable.tokens.signed_tokens import SignedTokens

AUDIENCE = "quadrangle-link"


class _Payload(msgspec.Struct, frozen=True):
    sub: str
    purpose: Purpose
    epoch: int
    email: str
    jti: str
    iat: int
    exp: int


class JwtLinkTokens:
    """Implements accounts.links.LinkTokens. Both methods also raise what `keys` raises."""

    def __init__(self, keys: CurrentKeys, issuer: str, clock: Clock) -> None:
        self._tokens = SignedTokens(
            keys,
            issuer,
            audience=AUDIENCE,
            longest=LONGEST_TOKEN,
            over=LINK_OVER,
            moved=LINK_MOVED,
        )
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
        return self._tokens.sign(told)

    def verify(self, token: str) -> Link:
        payload = self._tokens.read(token, _Payload)
        if self._clock.now().timestamp() >= payload.exp:
            raise Gone(LINK_TOO_OLD)
        return Link(
            purpose=payload.purpose,
            account_id=payload.sub,
            epoch=payload.epoch,
            email=payload.email,
            token_id=payload.jti,
            iat=payload.iat,
            exp=payload.exp,
        )
