"""Sheets: what is kept beside meetings, so that a meeting itself stays small and seldom written."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.meetings.materials.model import Sheet
from quadrangle.meetings.writing import retrying

S = TypeVar("S", bound=Sheet)
Decided = tuple[S, list[Change]]


class SheetStore(Protocol[S]):
    """Keeps sheets of one kind, each write with its change records. Raises Unavailable."""

    async def get(self, meeting_id: str) -> S:
        """Return the sheet of a meeting; one of version 0 where nothing was written yet."""
        ...

    async def save(self, sheet: S, changes: Sequence[Change]) -> None:
        """Replace the sheet whose version is one less. Raises Conflict when there is none."""
        ...

    async def due(self, now: str, limit: int) -> list[str]:
        """Return the meetings of so many sheets whose `look_at` has come, longest due first."""
        ...


async def write(store: SheetStore[S], meeting_id: str, decide: Callable[[S], Decided[S]]) -> S:
    """Have a sheet be what is decided of it, and return it; what differs in nothing is not saved.

    Raises what `decide` raises, Conflict when others write all the time, Unavailable.
    """

    async def attempt() -> S:
        before = await store.get(meeting_id)
        after, changes = decide(before)
        if after == before and not changes:
            return before
        written = msgspec.structs.replace(after, version=before.version + 1)
        await store.save(written, changes)
        return written

    return await retrying(attempt)
