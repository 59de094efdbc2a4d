"""JWTs that only we read, for one audience: by the same keys as access tokens."""

from typing import Any, TypeVar

import jwt
import msgspec

from quadrangle.accounts.tokens.signing_keys import CurrentKeys
from quadrangle.kernel.errors import Gone

T = TypeVar("T")
_ALGORITHM = "EdDSA"


class SignedTokens:
    """Signs with the first of `keys` and accepts all of them.

    `audience` is another one than that of access tokens, so that neither is taken for the other;
    `longest` bounds what is read, in characters; `over` is said of whatever is not ours, and
    `moved` of what we signed while `issuer`, our public address, was another. Both methods also
    raise what `keys` raises.
    """

    def __init__(
        self,
        keys: CurrentKeys,
        issuer: str,
        *,
        audience: str,
        longest: int,
        over: str,
        moved: str | None = None,
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._longest = longest
        self._over = over
        self._moved = moved or over

    def sign(self, told: msgspec.Struct) -> str:
        payload = {**msgspec.to_builtins(told), "iss": self._issuer, "aud": self._audience}
        signer = self._keys()[0]
        headers = {"kid": signer.kid}
        return jwt.encode(payload, signer.private, algorithm=_ALGORITHM, headers=headers)

    def read(self, token: str, kind: type[T]) -> T:
        """Return what was signed; whether it still holds is for the caller's clock to say.

        Raises Gone for what we did not sign, or not so.
        """
        if len(token) > self._longest or not token.isascii():
            raise Gone(self._over)
        keys = {key.kid: key for key in self._keys()}
        try:
            key = keys[jwt.get_unverified_header(token)["kid"]]
            return msgspec.convert(self._decoded(token, key.private.public_key()), kind)
        except jwt.InvalidIssuerError as error:  # its signature is ours
            raise Gone(self._moved) from error
        except (jwt.InvalidTokenError, KeyError, msgspec.ValidationError) as error:
            raise Gone(self._over) from error

    def _decoded(self, token: str, public: Any) -> dict[str, Any]:
        return jwt.decode(
            token,
            public,
            algorithms=[_ALGORITHM],
            audience=self._audience,
            issuer=self._issuer,
            options={"verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
