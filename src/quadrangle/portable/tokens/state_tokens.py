"""The tokens of states: JWTs by the same keys as access tokens, for another audience."""

from quadrangle.accounts.own.states import STATE_OVER, State
from quadrangle.accounts.tokens.signing_keys import CurrentKeys
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Gone
from quadrangle.portable.tokens.signed_tokens import SignedTokens

AUDIENCE = "quadrangle-state"
MAX_LENGTH = 2_048  # characters; ours have about 500


class JwtStateTokens:
    """Implements accounts.states.StateTokens. Both methods also raise what `keys` raises."""

    def __init__(self, keys: CurrentKeys, issuer: str, clock: Clock) -> None:
        self._tokens = SignedTokens(
            keys, issuer, audience=AUDIENCE, longest=MAX_LENGTH, over=STATE_OVER
        )
        self._clock = clock

    def issue(self, state: State) -> str:
        return self._tokens.sign(state)

    def verify(self, token: str) -> State:
        state = self._tokens.read(token, State)
        if self._clock.now().timestamp() >= state.exp:
            raise Gone(STATE_OVER)
        return state
