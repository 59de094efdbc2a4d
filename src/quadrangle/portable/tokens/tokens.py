"""Our own tokens: JWTs signed with Ed25519 (RFC 8037), checked by keys everyone may fetch."""

from collections.abc import Sequence
from typing import Any

import jwt
import msgspec

from quadrangle.accounts.model import Claims
from quadrangle.accounts.tokens.issuers import Issuer, Subject, Verified
from quadrangle.accounts.tokens.signing_keys import CurrentKeys
from quadrangle.kernel.clock import Clock
from quadrangle.portable.tokens.token_verifier import TokenVerifier

AUDIENCE = "quadrangle"
_ALGORITHM = "EdDSA"


class JwtTokens:
    """Implements accounts.ports.Tokens. The first of `keys` signs; all of them are accepted.

    `outside` are further issuers whose tokens are taken. All methods also raise what `keys` raises.
    """

    def __init__(
        self, keys: CurrentKeys, issuer: str, clock: Clock, outside: Sequence[Issuer] = ()
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        ours = Issuer(
            iss=issuer,
            algorithms=(_ALGORITHM,),
            keys=_OurKeys(keys),
            audiences=frozenset({AUDIENCE}),
            subject=Subject.SIGN_IN,
        )
        self._verifier = TokenVerifier([*outside, ours], clock)

    def issue(self, claims: Claims) -> str:
        payload = {**msgspec.structs.asdict(claims), "iss": self._issuer, "aud": AUDIENCE}
        signer = self._keys()[0]
        headers = {"kid": signer.kid}
        return jwt.encode(payload, signer.private, algorithm=_ALGORITHM, headers=headers)

    async def verify(self, token: str) -> Verified:
        return await self._verifier.verify(token)

    def public_keys(self) -> dict[str, Any]:
        return {"keys": [key.public_jwk() for key in self._keys()]}


class _OurKeys:
    """Implements accounts.issuers.KeySource."""

    def __init__(self, keys: CurrentKeys) -> None:
        self._keys = keys

    async def key(self, kid: str, algorithm: str) -> Any | None:
        found = {key.kid: key for key in self._keys()}.get(kid)
        return None if found is None else found.private.public_key()
