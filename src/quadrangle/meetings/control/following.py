"""What other processes decided, and the end of meetings, taken to the connections of this one."""

import asyncio

import structlog

from quadrangle.http.line import SERVER_STOPS
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import QuadrangleError
from quadrangle.meetings.control.rules import CONTROL_CHANGED
from quadrangle.meetings.control.supervision import Supervision
from quadrangle.meetings.control.switchboard import Switchboard
from quadrangle.meetings.reactions import ENDS

log = structlog.get_logger(__name__)

KINDS = frozenset({CONTROL_CHANGED}) | ENDS


class Following:
    """Hears of changes of KINDS in a server, and of meetings nobody is connected to here it does
    nothing."""

    def __init__(self, supervision: Supervision, switchboard: Switchboard) -> None:
        self._supervision = supervision
        self._switchboard = switchboard
        self._running: set[asyncio.Task[None]] = set()

    def hear(self, change: Change) -> None:
        """Begin to follow a change."""
        if change.subject in self._switchboard.meetings():
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
            else:
                await self._supervision.refresh(change.subject)
        except QuadrangleError as error:
            # A desktop that has ended hangs up by itself.
            log.warning("a change of control was not followed", error=error.message)
