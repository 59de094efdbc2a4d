"""What other processes decided, the end of meetings, of links and of accounts, taken to the
connections of this one."""

import asyncio

import structlog

from quadrangle.http.streaming.line import SERVER_STOPS, WITHDRAWN
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import QuadrangleError
from quadrangle.meetings.control.rules import CONTROL_CHANGED
from quadrangle.meetings.control.supervision import Supervision
from quadrangle.meetings.control.switchboard import Switchboard
from quadrangle.meetings.joining.standing import Standing
from quadrangle.meetings.reactions import ENDS

log = structlog.get_logger(__name__)

# After which a connection may stand on what is no more.
_LOSSES = frozenset({"meeting.links-renewed", "account.changed", "account.closed"})
KINDS = frozenset({CONTROL_CHANGED}) | ENDS | _LOSSES


class Following:
    """Hears of changes of KINDS in a server, and of what no connection here is about it does
    nothing."""

    def __init__(
        self, supervision: Supervision, switchboard: Switchboard, standing: Standing
    ) -> None:
        self._standing = standing
        self._supervision = supervision
        self._switchboard = switchboard
        self._running: set[asyncio.Task[None]] = set()

    def hear(self, change: Change) -> None:
        """Begin to follow a change."""
        if self._switchboard.opened_by(change.subject):
            task = asyncio.create_task(self._follow(change))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def until_stopped(self) -> None:
        """Wait for as long as the server runs, then end every connection to a desktop."""
        try:
            await asyncio.Event().wait()
        finally:
            self._switchboard.end_all(SERVER_STOPS)

    async def _follow(self, change: Change) -> None:
        try:
            if change.kind in ENDS:
                await self._supervision.end(change.subject)
            elif change.kind in _LOSSES:
                await self._end_what_fell(change.subject)
            else:
                await self._supervision.refresh(change.subject)
        except QuadrangleError as error:
            # A desktop that has ended hangs up by itself.
            log.warning("a change of control was not followed", error=error.message)

    async def _end_what_fell(self, subject: str) -> None:
        for seat in self._switchboard.opened_by(subject):
            if not await self._standing.holds(seat):
                seat.line.end(WITHDRAWN)
