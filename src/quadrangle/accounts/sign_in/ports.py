"""What keeps guessing slow needs from the world."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from quadrangle.accounts.sign_in.lockout_rules import Tallies, TryOutcome


class AttemptStore(Protocol):
    """Keeps tallies of wrong tries, across restarts and for all processes."""

    async def load(self, keys: Sequence[str]) -> Tallies:
        """Return the tallies there are under `keys`."""
        ...

    async def update(
        self, keys: Sequence[str], decide: Callable[[Tallies], TryOutcome], now: datetime
    ) -> TryOutcome:
        """Save and return what the pure `decide` makes of the tallies under `keys`.

        Nobody else writes between its look and the write (it may be asked again). Raises what
        `decide` raises; nothing is saved then. Tallies whose time is over may be removed.
        """
        ...
