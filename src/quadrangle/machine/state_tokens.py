"""The tokens of states: JWTs by the same keys as access tokens, for another audience."""

import jwt
import msgspec

from quadrangle.accounts.signing_keys import CurrentKeys
from quadrangle.accounts.states import STATE_OVER, State
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Gone

AUDIENCE = "quadrangle-state"  # of access tokens it is another: neither is taken for the other
MAX_LENGTH = 2_048  # characters; ours have about 500
_ALGORITHM = "EdDSA"


class JwtStateTokens:
    """Implements accounts.states.StateTokens. The first of `keys` signs; all of them are accepted.

    Both methods also raise what `keys` raises.
    """

    def __init__(self, keys: CurrentKeys, issuer: str, clock: Clock) -> None:
        self._keys = keys
        self._issuer = issuer
        self._clock = clock

    def issue(self, state: State) -> str:
        payload = {**msgspec.to_builtins(state), "iss": self._issuer, "aud": AUDIENCE}
        signer = self._keys()[0]
        headers = {"kid": signer.kid}
        return jwt.encode(payload, signer.private, algorithm=_ALGORITHM, headers=headers)

    def verify(self, token: str) -> State:
        state = self._state(token)
        if self._clock.now().timestamp() >= state.exp:
            raise Gone(STATE_OVER)
        return state

    def _state(self, token: str) -> State:
        if len(token) > MAX_LENGTH or not token.isascii():
            raise Gone(STATE_OVER)
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
            return msgspec.convert(decoded, State)
        except (jwt.InvalidTokenError, KeyError, msgspec.ValidationError) as error:
            raise Gone(STATE_OVER) from error
