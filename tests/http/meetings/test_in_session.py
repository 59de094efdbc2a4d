"""The calls of a session, over HTTP and WebSockets: tickets, streams, control, the room."""

import asyncio
import sqlite3
import uuid
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from quadrangle.portable.terminal.protocol import Decoder, Kind, encode, encode_size
from tests.rigs.running import Rig, terminal_rig
from tests.running import wait_for

__all__ = ["terminal_rig"]


@pytest.fixture
def rig(terminal_rig: Rig) -> Rig:
    return terminal_rig


def ticket(rig: Rig, role: str, desktop: str | None = None) -> str:
    answer = rig.as_side(role, "POST", "tickets", {"role": role, "desktop": desktop or role})
    assert answer.status == 200, answer.body
    return answer.json["websocket"]


def act(rig: Rig, role: str, action: str) -> Any:
    answer = rig.as_side(role, "POST", "control", {"role": role, "action": action})
    assert answer.status == 200, answer.body
    return answer.json


class Line:
    """A connection to a terminal, and what it showed."""

    def __init__(self, client: ClientConnection) -> None:
        self.client = client
        self.shown = b""
        self._decoder = Decoder()

    async def type(self, text: str) -> None:
        await self.client.send(encode(Kind.INPUT, text.encode()))

    async def until(self, text: bytes) -> None:
        async with asyncio.timeout(20):
            while text not in self.shown:
                message = await self.client.recv()
                assert isinstance(message, bytes)
                for frame in self._decoder.feed(message):
                    self.shown += frame.payload


def open_line(rig: Rig, path: str, **options: Any) -> connect:
    return connect("ws" + rig.base.removeprefix("http") + path, **options)


async def ending(rig: Rig, path: str) -> tuple[int, str]:
    async with open_line(rig, path) as client:
        try:
            async with asyncio.timeout(20):
                while True:
                    await client.recv()
        except ConnectionClosed as closed:
            assert closed.rcvd is not None
            return closed.rcvd.code, closed.rcvd.reason


# -- tickets and streams ------------------------------------------------------------------------


async def test_a_ticket_opens_one_connection_once(rig: Rig):
    path = await asyncio.to_thread(ticket, rig, "student")
    async with open_line(rig, path) as client:
        line = Line(client)
        await line.type("echo $((40 + 2))\n")
        await line.until(b"42")
    code, reason = await ending(rig, path)
    assert code == 4401
    assert "new one" in reason


async def test_a_ticket_opens_no_other_desktop(rig: Rig):
    path = await asyncio.to_thread(ticket, rig, "student")
    assert (await ending(rig, path.replace("/student/", "/teacher/")))[0] == 4401


@pytest.mark.parametrize("told", ["", "x" * 43, "x" * 5000, "%00", "é"])
async def test_what_is_no_ticket_opens_nothing(rig: Rig, told: str):
    path = (await asyncio.to_thread(ticket, rig, "student")).partition("=")[0]
    assert (await ending(rig, f"{path}={told}"))[0] == 4401


async def test_a_page_of_another_origin_opens_nothing_and_uses_no_ticket_up(rig: Rig):
    path = await asyncio.to_thread(ticket, rig, "student")
    with pytest.raises(InvalidStatus) as caught:
        async with open_line(rig, path, origin="https://evil.example"):
            pass
    assert caught.value.response.status_code == 403
    async with open_line(rig, path, origin=rig.base) as client:
        await Line(client).until(b"$")


def test_the_address_of_a_stream_takes_websockets_only(rig: Rig):
    path = ticket(rig, "student")
    for method in ("GET", "POST"):
        assert rig.call(method, path).status in (404, 405)


async def test_who_watches_types_nothing_one_byte_per_frame(rig: Rig):
    await asyncio.to_thread(act, rig, "teacher", "watch")
    theirs = await asyncio.to_thread(ticket, rig, "teacher", "student")
    own = await asyncio.to_thread(ticket, rig, "student")
    async with open_line(rig, own) as student, open_line(rig, theirs) as teacher:
        mine, watched = Line(student), Line(teacher)
        sent = encode(Kind.INPUT, b"echo not $((1 + 1))\n") + encode_size(Kind.RESIZE, 20, 5)
        for byte in sent:
            await teacher.send(bytes([byte]))
        await mine.type("echo mine $((3 + 3))\n")
        await mine.until(b"mine 6")
        await watched.until(b"mine 6")
        assert b"not 2" not in mine.shown


async def test_a_hand_is_lost_with_the_connection(rig: Rig):
    await asyncio.to_thread(act, rig, "teacher", "watch")
    theirs = await asyncio.to_thread(ticket, rig, "teacher", "student")
    async with open_line(rig, theirs) as teacher:
        await Line(teacher).until(b"$")
        await asyncio.to_thread(act, rig, "teacher", "ask")
        assert (await asyncio.to_thread(act, rig, "student", "grant"))["hand"] == "teacher"

    def is_back() -> bool:
        return act(rig, "student", "refuse")["hand"] == "student"

    await asyncio.to_thread(wait_for, is_back, "the hand to be the student's again")


async def test_who_was_connected_is_known(rig: Rig):
    path = await asyncio.to_thread(ticket, rig, "student")
    async with open_line(rig, path) as client:
        await Line(client).until(b"$")

    def ended() -> list[Any]:
        with sqlite3.connect(rig.folder / "rig.db") as database:
            query = "SELECT role, kind, ended_at FROM meeting_connections"
            return [row for row in database.execute(query) if row[2]]

    (row,) = await asyncio.to_thread(wait_for, ended, "the connection to be noted")
    assert row[:2] == ("student", "desktop")


# -- control --------------------------------------------------------------------------------------


def test_nobody_sees_the_other_desktop_unasked(rig: Rig):
    for role, other in (("teacher", "student"), ("student", "teacher")):
        body = {"role": role, "desktop": other}
        assert rig.as_side(role, "POST", "tickets", body).status == 403
    body = {"role": "student", "action": "watch"}
    assert rig.as_side("student", "POST", "control", body).status == 403
    assert act(rig, "teacher", "offer")["offered"] is True
    assert act(rig, "student", "watch")["watching"] == ["student"]
    assert "/desktops/teacher/" in ticket(rig, "student", "teacher")
    told = act(rig, "teacher", "watch")
    assert told == {
        "watching": ["student", "teacher"],
        "asked": False,
        "called": False,
        "hand": "student",
        "offered": True,
        "version": 3,
    }


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"role": "student", "action": "grant"}, 409),
        ({"role": "student", "action": "ask"}, 403),
        ({"role": "teacher", "action": "take-back"}, 400),  # the key is the student's
        ({"role": "student", "action": "fly"}, 400),
        ({"role": "admin", "action": "call"}, 400),
        ({"role": "student"}, 400),
        ({"action": "call"}, 400),
        ([], 400),
    ],
)
def test_what_cannot_be_done_is_said(rig: Rig, body: Any, status: int):
    answer = rig.as_side("student", "POST", "control", body)
    assert answer.status == status
    assert answer.json["message"]


@pytest.mark.parametrize("path", ["control", "tickets", "room"])
def test_strangers_are_let_in_nowhere(rig: Rig, path: str):
    body = {"role": "student", "action": "call", "desktop": "student"}
    address = f"/api/meetings/{rig.links['id']}/{path}"
    assert rig.call("POST", address, body).status == 401
    teachers = {"X-Join-Key": rig.links["keys"]["teacher"]}
    assert rig.call("POST", address, body, headers=teachers).status == 400
    unknown = f"/api/meetings/{uuid.uuid4()}/{path}"
    assert rig.call("POST", unknown, body, headers=teachers).status == 400


# -- the room -------------------------------------------------------------------------------------


def enter(rig: Rig, role: str) -> str:
    answer = rig.as_side(role, "POST", "room", {"role": role})
    assert answer.status == 200, answer.body
    assert answer.json["polite"] is (role == "student")
    assert answer.json["iceServers"] == []
    return answer.json["participantId"]


def say(rig: Rig, role: str, participant: str, **message: Any) -> int:
    body = {"role": role, **message}
    return rig.as_side(role, "POST", f"room/{participant}/messages", body).status


def news(rig: Rig, role: str, participant: str, after: Any = 0) -> Any:
    path = f"room/{participant}/messages?role={role}&after={after}"
    return rig.as_side(role, "GET", path)


def test_both_come_in_call_and_type(rig: Rig):
    ada, bo = enter(rig, "teacher"), enter(rig, "student")
    assert say(rig, "teacher", ada, kind="offer", data="v=0 Ω", to=bo) == 204
    assert say(rig, "teacher", ada, kind="chat", data=" Hello ") == 204
    answer = news(rig, "student", bo)
    assert answer.headers["cache-control"] == "no-store"
    offer, chat = answer.json["messages"]
    assert (offer["kind"], offer["data"], offer["from"]) == ("offer", "v=0 Ω", ada)
    assert (chat["kind"], chat["data"], chat["role"]) == ("chat", "Hello", "teacher")
    assert {each["id"]: each["role"] for each in answer.json["participants"]} == {
        ada: "teacher",
        bo: "student",
    }
    assert news(rig, "student", bo, chat["seq"]).json["messages"] == []
    assert say(rig, "student", bo, kind="bye") == 204
    assert news(rig, "student", bo).status == 410
    assert [each["id"] for each in news(rig, "teacher", ada).json["participants"]] == [ada]
    assert say(rig, "teacher", ada, kind="candidate", data="[]", to=bo) == 409


def test_nobody_reads_or_sends_as_somebody_else(rig: Rig):
    ada, bo = enter(rig, "teacher"), enter(rig, "student")
    assert news(rig, "student", ada).status == 410
    assert say(rig, "student", ada, kind="chat", data="as Ada") == 410
    assert news(rig, "student", str(uuid.uuid4())).status == 410
    assert news(rig, "student", "x").status == 410
    assert say(rig, "student", bo, kind="offer", data="", to=str(uuid.uuid4())) == 409


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "shout", "data": "x"},
        {"kind": "chat", "data": ""},
        {"kind": "chat", "data": "x" * 2001},
        {"kind": "chat", "data": 7},
        {"data": "x"},
    ],
)
def test_a_message_that_is_none_is_refused(rig: Rig, message: dict[str, Any]):
    bo = enter(rig, "student")
    assert say(rig, "student", bo, **message) == 400


@pytest.mark.parametrize("after", [-1, "x", 2**53])
def test_a_place_that_is_none_is_refused(rig: Rig, after: Any):
    assert news(rig, "student", enter(rig, "student"), after).status == 400
