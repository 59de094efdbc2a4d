"""The stream of a desktop: a WebSocket, opened by a ticket, joined with the desktop's socket."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import msgspec
from litestar.handlers import asgi

from quadrangle.http.bridge import Passage, TurnedAway, bridge
from quadrangle.http.line import NO_TICKET, NOT_THERE, OVER, Line
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Gone
from quadrangle.kernel.ids import new_id
from quadrangle.meetings.model import Workspace
from quadrangle.meetings.ports import Connection, PresenceStore, Right
from quadrangle.meetings.service import MeetingService
from quadrangle.meetings.ticketing import Admission
from quadrangle.portable.rfb import filter as rfb


class Streams:
    """Lets tickets through to desktops, and notes who is connected."""

    def __init__(self, meetings: MeetingService, presence: PresenceStore, clock: Clock) -> None:
        self._meetings = meetings
        self._presence = presence
        self._clock = clock

    async def admit(self, scope: Any) -> Passage:
        """Return where a client's ticket leads. Raises TurnedAway."""
        ticket = parse_qs(scope["query_string"].decode("latin-1")).get("ticket", [""])[0]
        try:
            admission = await self._meetings.ticketing.take(ticket)
        except Gone as error:
            ending = msgspec.structs.replace(NO_TICKET, reason=error.message)
            raise TurnedAway(ending) from error
        asked = scope["path_params"]
        meeting, desktop = admission.meeting, admission.desktop
        if (asked["meetingId"], asked["role"]) != (meeting.meeting_id, desktop.role.value):
            raise TurnedAway(NO_TICKET)
        if desktop.address is None:
            raise TurnedAway(NOT_THERE)
        return self._passage(admission, Path(desktop.address))

    def _passage(self, admission: Admission, socket: Path) -> Passage:
        meeting = admission.meeting
        now = to_text(self._clock.now())
        here = Connection(new_id(), meeting.meeting_id, admission.holder, "desktop", now, now)

        async def opened(line: Line) -> None:
            await self._presence.put(here)

        async def closed(line: Line) -> None:
            at = to_text(self._clock.now())
            await self._presence.put(msgspec.structs.replace(here, seen_at=at, ended_at=at))

        return Passage(socket, _flow(admission), opened, closed)


def _flow(admission: Admission) -> Any:
    owner = admission.holder is admission.desktop.role
    right = rfb.Right.CONTROL if admission.right is Right.CONTROL else rfb.Right.WATCH
    if admission.meeting.workspace is Workspace.TERMINAL:
        raise TurnedAway(OVER)
    return rfb.Gate(right, owner=owner)


def stream_routes(meetings: MeetingService, presence: PresenceStore, clock: Clock) -> list[Any]:
    """Return the route of streams; only where the server itself reaches desktops."""
    streams = Streams(meetings, presence, clock)

    @asgi("/api/meetings/{meetingId:str}/desktops/{role:str}/stream", copy_scope=False)
    async def stream(scope: Any, receive: Any, send: Any) -> None:
        await bridge(scope, receive, send, streams.admit)

    return [stream]
