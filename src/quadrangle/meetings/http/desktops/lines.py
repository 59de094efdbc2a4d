"""The WebSockets that lead to desktops and terminals, each by a ticket."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import msgspec
from litestar import WebSocket, websocket

from quadrangle.http.streaming.bridge import Passage, TurnedAway, bridge
from quadrangle.http.streaming.line import NO_TICKET, NOT_THERE, OVER, WITHDRAWN, Ending, Line
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Gone, QuadrangleError
from quadrangle.kernel.ids import new_id
from quadrangle.meetings.control import rules
from quadrangle.meetings.control.ports import Gate
from quadrangle.meetings.control.supervision import Supervision
from quadrangle.meetings.control.switchboard import OpenLine, Switchboard
from quadrangle.meetings.joining.acting_rules import account_of
from quadrangle.meetings.joining.standing import Standing
from quadrangle.meetings.joining.ticketing import Admission, Ticketing
from quadrangle.meetings.model import MeetingRole, Right, Workspace
from quadrangle.meetings.ports import PresenceStore
from quadrangle.meetings.presence.model import OTHER_DESKTOP, OWN_DESKTOP, Connection

LOOK_AGAIN_S = 60.0  # whether what opened a connection would still, if no change said it would not

# Makes the gate for one connection; `owner`: to one's own desktop.
MakeGate = Callable[[Workspace, Right, bool], Gate]


def stream_path(meeting_id: str, desktop: MeetingRole) -> str:
    """Return where the stream of a side's desktop is, without a ticket."""
    return f"/api/meetings/{meeting_id}/desktops/{desktop.value}/stream"


class LineParts(msgspec.Struct, frozen=True):
    """What a connection needs."""

    ticketing: Ticketing
    supervision: Supervision
    switchboard: Switchboard
    presence: PresenceStore
    clock: Clock
    make_gate: MakeGate
    standing: Standing


class DesktopLines:
    """Lets tickets through to desktops."""

    def __init__(self, parts: LineParts) -> None:
        self._parts = parts

    async def admit(self, scope: Any) -> Passage:
        """Return where a client's ticket leads. Raises TurnedAway."""
        ticket = parse_qs(scope["query_string"].decode("latin-1")).get("ticket", [""])[0]
        try:
            admission = await self._parts.ticketing.take(ticket)
        except Gone as gone:
            # Whether the meeting is over, whoever fetches the next ticket is told.
            raise TurnedAway(Ending(NO_TICKET.code, gone.message)) from gone
        except QuadrangleError as error:
            raise TurnedAway(Ending(NOT_THERE.code, error.message)) from error
        asked = scope["path_params"]
        of = (admission.meeting.meeting_id, admission.desktop.role.value)
        if (asked["meetingId"], asked["role"]) != of or admission.desktop.address is None:
            raise TurnedAway(Ending(NO_TICKET.code, "This ticket is for another desktop."))
        visit = _Visit(self._parts, admission)
        return Passage(Path(admission.desktop.address), visit.gate, visit.opened, visit.closed)


class _Visit:
    """One connection from its ticket to its end."""

    def __init__(self, parts: LineParts, admission: Admission) -> None:
        self._parts = parts
        self._meeting = admission.meeting
        self._holder = admission.holder
        self._account_id = admission.account_id
        self._desktop = admission.desktop.role
        self._id = new_id()
        self._begun_at = to_text(parts.clock.now())
        self._seat: OpenLine | None = None
        self._tasks: list[asyncio.Task[None]] = []
        # More than watching is granted once the connection is known.
        self.gate = parts.make_gate(self._meeting.workspace, Right.WATCH, not self._is_guest)

    @property
    def _is_guest(self) -> bool:
        return self._holder is not self._desktop

    async def opened(self, line: Line) -> None:
        supervision, meeting_id = self._parts.supervision, self._meeting.meeting_id
        try:
            if self._is_guest:
                control = await supervision.connect(self._meeting, self._holder, self._id)
            else:
                control = await supervision.now(meeting_id)
        except Gone as gone:
            raise TurnedAway(Ending(OVER.code, gone.message)) from gone
        except QuadrangleError as error:
            raise TurnedAway(Ending(WITHDRAWN.code, error.message)) from error
        self._seat = OpenLine(
            connection_id=self._id,
            meeting_id=meeting_id,
            holder=self._holder,
            desktop=self._desktop,
            line=line,
            gate=self.gate,
            account_id=self._account_id,
            link_generation=self._meeting.link_generation,
            holder_id=account_of(self._meeting, self._holder),
        )
        self._parts.switchboard.add(self._seat, control)
        jobs = (self._note_often(), self._look_again(self._seat))
        self._tasks = [asyncio.create_task(job) for job in jobs]

    async def closed(self, line: Line) -> None:
        if self._seat is None:
            return
        for task in self._tasks:
            task.cancel()
        self._parts.switchboard.remove(self._seat)
        await _quietly(self._note(ended=True))
        if self._is_guest:
            await _quietly(self._parts.supervision.leave(self._meeting.meeting_id, self._id))

    async def _note_often(self) -> None:
        while True:
            await _quietly(self._note(ended=False))
            await asyncio.sleep(rules.SEEN_EVERY.total_seconds())
            if self._is_guest:
                await _quietly(self._parts.supervision.seen(self._meeting.meeting_id, self._id))

    async def _look_again(self, seat: OpenLine) -> None:
        """End the connection once its link was renewed or its account is open no more."""
        while True:
            with contextlib.suppress(QuadrangleError):
                if not await self._parts.standing.holds(seat):
                    seat.line.end(WITHDRAWN)
            await asyncio.sleep(LOOK_AGAIN_S)

    async def _note(self, *, ended: bool) -> None:
        now = to_text(self._parts.clock.now())
        await self._parts.presence.put(
            Connection(
                connection_id=self._id,
                meeting_id=self._meeting.meeting_id,
                role=self._holder,
                kind=OTHER_DESKTOP if self._is_guest else OWN_DESKTOP,
                begun_at=self._begun_at,
                seen_at=now,
                ended_at=now if ended else None,
            )
        )


async def _quietly(work: Awaitable[Any]) -> None:
    """What cannot be written down now is found out by silence."""
    with contextlib.suppress(QuadrangleError):
        await work


def stream_routes(parts: LineParts, origins: frozenset[str] = frozenset()) -> list[Any]:
    """Return the route of streams: only where the server itself reaches desktops.

    `origins` are those of pages elsewhere that may open them.
    """
    lines = DesktopLines(parts)

    # Not as a plain ASGI route: the framework answers other methods at such an address with 500.
    @websocket("/api/meetings/{meetingId:str}/desktops/{role:str}/stream")
    async def stream(socket: WebSocket[Any, Any, Any]) -> None:
        await bridge(socket.scope, socket.receive, socket.send, lines.admit, origins=origins)

    return [stream]
