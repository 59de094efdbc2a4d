"""What must come back unchanged in the second request of a ceremony: signed, short, used once."""

from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from quadrangle.accounts.ports import UsedTokens
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Gone
from quadrangle.kernel.ids import new_id

STATE_LIFE = timedelta(minutes=5)
STATE_OVER = "This took too long or was sent twice. Please begin again."


class State(msgspec.Struct, frozen=True):
    """`purpose` names the ceremony, `account_id` and `epoch` whom it is bound to, if anybody.

    `challenge` is in base64url, `exp` in seconds since 1970.
    """

    purpose: str
    token_id: str
    challenge: str
    exp: int
    account_id: str | None = None
    epoch: int | None = None


class StateTokens(Protocol):
    """Signs states. No token of another kind is taken for one."""

    def issue(self, state: State) -> str: ...

    def verify(self, token: str) -> State:
        """Return the state of a token. Raises Gone for one that is not ours, or too old."""
        ...


class States:
    """Gives states out, and takes each back once."""

    def __init__(self, tokens: StateTokens, used: UsedTokens, clock: Clock) -> None:
        self._tokens = tokens
        self._used = used
        self._clock = clock

    def give(
        self,
        purpose: str,
        challenge: str,
        *,
        account_id: str | None = None,
        epoch: int | None = None,
    ) -> str:
        """Return the token of a new state."""
        end = int((self._clock.now() + STATE_LIFE).timestamp())
        return self._tokens.issue(State(purpose, new_id(), challenge, end, account_id, epoch))

    async def take(self, purpose: str, token: str, *, account_id: str | None = None) -> State:
        """Return a state that was given for this and to this account.

        Raises Gone for any other, a late one, and the second time; and Unavailable.
        """
        state = self._tokens.verify(token)
        if (state.purpose, state.account_id) != (purpose, account_id):
            raise Gone(STATE_OVER)
        now = self._clock.now()
        end = datetime.fromtimestamp(state.exp, now.tzinfo)
        if not await self._used.use(f"state#{state.token_id}", end, now):
            raise Gone(STATE_OVER)
        return state
