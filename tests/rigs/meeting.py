"""A server of what meetings have for browsers, in a process of its own: the real services and
pages, and one meeting that is on.

`python -m tests.rigs.meeting PORT FOLDER WORKSPACE TEACHER STUDENT`: TEACHER and STUDENT are where
their desktops or terminals speak. FOLDER gets `keys.json`, the keys of both links.
"""

import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar, Request, post
from litestar.di import Provide

from quadrangle.accounts.people.for_meetings import MeetingPeople
from quadrangle.hosts.one_machine.pages import WEB, Pages, with_pages
from quadrangle.hosts.shared.logs import configure_logs
from quadrangle.http.answers.errors import EXCEPTION_HANDLERS
from quadrangle.kernel.clock import SystemClock, to_text
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import ANYONE
from quadrangle.machine.desktops.doors import PathDoors
from quadrangle.meetings.control.supervision import Supervision
from quadrangle.meetings.control.switchboard import Switchboard
from quadrangle.meetings.http import room as room_routes
from quadrangle.meetings.http.desktops import control as control_routes
from quadrangle.meetings.http.desktops.lines import LineParts, stream_routes
from quadrangle.meetings.joining.links import Links
from quadrangle.meetings.joining.seats import Seats
from quadrangle.meetings.joining.standing import Standing
from quadrangle.meetings.joining.ticketing import Ticketing
from quadrangle.meetings.model import (
    Desktop,
    DesktopState,
    Meeting,
    MeetingRole,
    Status,
    Workspace,
)
from quadrangle.meetings.policy_model import MeetingPolicy, MeetingRights
from quadrangle.meetings.room.ice import IceSettings
from quadrangle.meetings.room.signalling import Room
from quadrangle.portable.gates import make_gate
from quadrangle.portable.tokens.meeting_keys import KEY_BYTES, HmacLinkKeys
from quadrangle.sql.accounts.store import SqlAccountStore
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate
from quadrangle.sql.meetings.control import SqlControlStore
from quadrangle.sql.meetings.presence import SqlPresenceStore
from quadrangle.sql.meetings.room import SqlRoomStore
from quadrangle.sql.meetings.store import SqlMeetingStore
from quadrangle.sql.meetings.tickets import SqlTickets

HERE = Path(__file__).parent
TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT


class Rig:
    """All parts. What is broken on purpose, is broken here."""

    def __init__(self, folder: Path, workspace: Workspace, sockets: dict[MeetingRole, str]) -> None:
        self.folder = folder
        self.clock = SystemClock()
        self.database = Database(f"sqlite:///{folder / 'rig.db'}")
        self.meetings = SqlMeetingStore(self.database)
        self.keys = HmacLinkKeys(b"k" * KEY_BYTES)
        self.links = Links(
            self.meetings, self.keys, MeetingRights(), MeetingPeople(SqlAccountStore(self.database))
        )
        self.policy = MeetingPolicy()
        self.switchboard = Switchboard()
        self.ticketing = Ticketing(
            self.meetings, SqlTickets(self.database), self.clock, self.policy
        )
        self.supervision = Supervision(
            SqlControlStore(self.database), self.ticketing, self.switchboard, self.clock
        )
        self.presence = SqlPresenceStore(self.database)
        self.meeting = self._meeting(workspace, sockets)
        self.down = False

    def _meeting(self, workspace: Workspace, sockets: dict[MeetingRole, str]) -> Meeting:
        now = self.clock.now()
        at = to_text(now - timedelta(minutes=5))
        desktops = tuple(
            Desktop(role, 1, DesktopState.HEALTHY, at, at, address=socket, link="/")
            for role, socket in sockets.items()
        )
        return Meeting(
            meeting_id=new_id(),
            teacher_name="Ada Teacher",
            student_name="Bo Student",
            meet_time=at,
            local_time=at[:16],
            time_zone="UTC",
            created_at=at,
            counts_from=at,
            jitsi_url="",
            frontend_base_url="",
            status=Status.IN_PROGRESS,
            workspace=workspace,
            desktops=desktops,
            joined_at=at,
            joined_roles=(TEACHER, STUDENT),
        )

    async def prepare(self) -> None:
        await migrate(self.database)
        await self.meetings.add([self.meeting], [])
        keys = {role.value: self.keys.key(self.meeting.meeting_id, role, 1) for role in MeetingRole}
        told = {"id": self.meeting.meeting_id, "keys": keys}
        (self.folder / "keys.json").write_bytes(msgspec.json.encode(told))

    def app(self) -> Any:
        parts = LineParts(
            self.ticketing,
            self.supervision,
            self.switchboard,
            self.presence,
            self.clock,
            make_gate,
            Standing(self.meetings, MeetingPeople(SqlAccountStore(self.database))),
        )
        injected = {
            "principal": ANYONE,
            "meetings": SimpleNamespace(
                seats=Seats(self.meetings, self.links, self.clock, self.policy),
                supervision=self.supervision,
                doors=PathDoors("http://127.0.0.1"),
                room=Room(SqlRoomStore(self.database), self.clock, IceSettings()),
            ),
        }
        calls = Litestar(
            [
                *control_routes.ROUTES,
                *room_routes.ROUTES,
                *stream_routes(parts),
                self._own_route(),
            ],
            dependencies={name: _constant(part) for name, part in injected.items()},
            exception_handlers=EXCEPTION_HANDLERS,
            openapi_config=None,
            logging_config=None,
        )
        own_pages = Pages(HERE)
        rest = with_pages(calls, Pages(WEB), ())

        async def front(scope: Any, receive: Any, send: Any) -> None:
            if self.down and scope["type"] != "lifespan" and scope["path"] != "/api/rig":
                await _refuse(scope, receive, send)
            elif scope["type"] == "http" and scope["path"].startswith("/rig/"):
                scope["path"] = scope["path"].removeprefix("/rig")
                await own_pages(scope, receive, send)
            else:
                await rest(scope, receive, send)

        return front

    def _own_route(self) -> Any:
        @post("/api/rig", status_code=200)
        async def rig(request: Request[Any, Any, Any]) -> dict[str, Any]:
            wanted = await request.json()
            match wanted["do"]:
                case "drop":  # every connection to a desktop breaks off
                    for seats in list(self.switchboard._seats.values()):
                        for seat in list(seats):
                            seat.line.end(None)
                case "down":
                    self.down = wanted["on"]
                case "end":
                    await self.supervision.end(self.meeting.meeting_id)
            seats = [s for each in self.switchboard._seats.values() for s in each]
            return {"seats": sorted(f"{s.holder}:{s.desktop}" for s in seats)}

        return rig


def _constant(part: Any) -> Provide:
    return Provide(lambda: part, use_cache=True, sync_to_thread=False)


async def _refuse(scope: Any, receive: Any, send: Any) -> None:
    """Answer as a proxy does whose server is away."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1013})
        return
    await send({"type": "http.response.start", "status": 502, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def main(port: int, folder: Path, workspace: str, teacher: str, student: str) -> None:
    configure_logs("info")
    rig = Rig(folder, Workspace(workspace), {TEACHER: teacher, STUDENT: student})
    await rig.prepare()
    server = Server(
        rig.app(),
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        websockets=True,
        log_enabled=False,
    )
    await server.serve()


if __name__ == "__main__":
    given = sys.argv[1:]
    uvloop.run(main(int(given[0]), Path(given[1]), *given[2:5]))
