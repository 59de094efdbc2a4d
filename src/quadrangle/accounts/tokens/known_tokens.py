"""What access tokens were found to stand for, remembered for a moment."""

from collections import OrderedDict
from datetime import datetime, timedelta

import msgspec

from quadrangle.kernel.principal import Principal

# How old the store's word on a token may be. Changes made in this process count at once, those of
# another as soon as the host passes them on to `forget`.
STALE_AFTER = timedelta(seconds=5)
MAX_KNOWN = 4_096  # tokens remembered at once; the longest unused are forgotten first


class Known(msgspec.Struct, frozen=True):
    """What a token is known to stand for; `sid` is empty for one of an outside issuer."""

    principal: Principal
    sid: str
    exp: int
    looked_at: datetime

    def holds_at(self, now: datetime) -> bool:
        return abs(now - self.looked_at) < STALE_AFTER and now.timestamp() < self.exp


class KnownTokens:
    """Remembers, unless all was forgotten since the caller began to look."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._generation = 0

    @property
    def generation(self) -> int:
        """A number that changes whenever all is forgotten."""
        return self._generation

    def get(self, token: str, now: datetime) -> Known | None:
        known = self._known.get(token)
        if known is None or not known.holds_at(now):
            return None
        self._known.move_to_end(token)
        return known

    def remember(self, token: str, known: Known, generation: int) -> None:
        """Remember what was looked up since `generation`; from before a change, it is not."""
        if generation != self._generation:
            return
        self._known[token] = known
        self._known.move_to_end(token)
        if len(self._known) > MAX_KNOWN:
            self._known.popitem(last=False)

    def forget(self) -> None:
        self._generation += 1
        self._known.clear()
