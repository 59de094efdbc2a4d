"""What watching and helping need from the world."""

from collections.abc import Sequence
from typing import Protocol

from quadrangle.http.streaming.line import Flow
from quadrangle.kernel.change import Change
from quadrangle.meetings.control.model import Control
from quadrangle.meetings.model import Right


class ControlStore(Protocol):
    """Keeps one record for each meeting, with its change records. Raises Unavailable."""

    async def get(self, meeting_id: str) -> Control:
        """Return the record; one of version 0 where nothing was written yet."""
        ...

    async def save(self, control: Control, changes: Sequence[Change]) -> None:
        """Replace the record whose version is one less. Raises Conflict when there is none."""
        ...


class Gate(Flow, Protocol):
    """Stands between a viewer and a desktop or terminal, and lets through what the right allows."""

    @property
    def right(self) -> Right: ...

    def set_right(self, right: Right) -> bytes:
        """Change the right; return what the desktop has to hear at once."""
        ...
