"""When signing keys come and go. Pure: the time is an argument.

A new key is published a day before it signs, as others keep the published set for an hour and our
own processes for minutes; it signs for 90 days, and is accepted for as long after as what it signed
may live. Which key signs follows from the keys and the time alone, so all processes agree on it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

import msgspec

ANNOUNCED = timedelta(days=1)
SIGNS = timedelta(days=90)
# The longest-lived of what keys sign is an invitation's link: seven days, and a day for clocks.
ACCEPTED_AFTER = timedelta(days=8)


class Dated(Protocol):
    """A key; it signs from `signs_from` on, seconds since 1970, until the next one does."""

    @property
    def signs_from(self) -> int: ...


Key = TypeVar("Key", bound=Dated)


class Plan(msgspec.Struct, Generic[Key], frozen=True):
    """Keys to keep, and from when on a new one signs, None when none is due."""

    kept: list[Key]
    new_signs_from: int | None

    def changes(self, keys: Sequence[Key]) -> bool:
        """Tell whether anything is to be done about these keys."""
        return self.new_signs_from is not None or len(self.kept) != len(keys)


def in_order(keys: Sequence[Key], now: datetime) -> list[Key]:
    """Return the key that signs at `now`, then the others, the newest first."""
    newest_first = sorted(keys, key=lambda key: key.signs_from, reverse=True)
    begun = [key for key in newest_first if key.signs_from <= now.timestamp()]
    # Before the first has begun, as after a clock was set back, that one signs all the same.
    signer = begun[0] if begun else newest_first[-1]
    return [signer, *(key for key in newest_first if key is not signer)]


def plan_rotation(keys: Sequence[Key], now: datetime) -> Plan[Key]:
    """Return what to do at `now` about keys, of which there is at least one."""
    instant = now.timestamp()
    newest = max(key.signs_from for key in keys)
    due = newest + SIGNS.total_seconds()
    announced = instant + ANNOUNCED.total_seconds()
    kept = [key for key in keys if not _is_over(key, keys, instant)]
    if announced < due:
        return Plan(kept, None)
    return Plan(kept, int(max(due, announced)))


def _is_over(key: Dated, keys: Sequence[Dated], instant: float) -> bool:
    """Tell whether another key took over so long ago that nothing `key` signed holds still."""
    later = [other.signs_from for other in keys if other.signs_from > key.signs_from]
    return bool(later) and instant >= min(later) + ACCEPTED_AFTER.total_seconds()
