"""What is shared with Jitsi and TURN servers is read from one secret, and whoever opens a room is
told plainly when it cannot be used."""

import json
import secrets
from datetime import timedelta
from typing import Any

import pytest

from quadrangle.hosts.lambdas.base.environment import Environment
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.meetings import rooms
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Unavailable
from quadrangle.meetings.model import MeetingRole
from quadrangle.meetings.room.ice import ice_servers
from quadrangle.meetings.room.jitsi import JitsiRooms
from quadrangle.portable.rooms.jitsi_tokens import Hs256RoomTokens
from tests.rules.meetings.made import meeting
from tests.standin.server import StandIn

SERVERS: dict[str, Any] = {
    "jitsi_domain": "meet.example",
    "jitsi_app_id": "campus",
    "turn_servers": "turn:turn.example:3478",
}
BOTH = {"JITSI_SECRET": "of jitsi, which is long enough", "TURN_SECRET": "of turn"}


class Function:
    """A function that answers requests, told what the template tells it."""

    def __init__(self, clock: ManualClock, secret: str, **servers: str) -> None:
        environment = Environment("t-", room_secrets=secret, **(servers or SERVERS))
        parts = FunctionParts(environment)
        parts.clock = clock  # type: ignore[assignment]
        self.clock = clock
        self.ice = rooms.ice_settings(parts)
        self.jitsi = JitsiRooms(rooms.jitsi_settings(parts), Hs256RoomTokens(), clock)

    def open_jitsi(self) -> str | None:
        return self.jitsi.of(meeting(), MeetingRole.TEACHER).token

    def turn_password(self) -> str | None:
        return ice_servers(self.ice, "student", self.clock.now())[-1].credential


@pytest.fixture(autouse=True)
def at_the_standin(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "client", standin.client)


def kept(standin: StandIn, text: str) -> str:
    """Keep a secret and return its name."""
    client, name = standin.client("secretsmanager"), secrets.token_hex(8)
    client.create_secret(Name=name, SecretString=text)
    return name


def test_each_server_has_its_own(standin: StandIn, clock: ManualClock):
    function = Function(clock, kept(standin, json.dumps(BOTH)))
    token = function.open_jitsi()
    assert token is not None
    assert token.count(".") == 2
    assert function.turn_password()


def test_a_server_that_shares_none_is_used_without(standin: StandIn, clock: ManualClock):
    only_turn = Function(clock, kept(standin, json.dumps({"TURN_SECRET": "of turn"})))
    assert only_turn.open_jitsi() is None
    assert only_turn.turn_password()
    only_jitsi = Function(clock, kept(standin, json.dumps({"JITSI_SECRET": "long enough, too"})))
    assert only_jitsi.open_jitsi()
    assert only_jitsi.turn_password() is None


def test_without_a_secret_there_is_none_and_without_servers_none_is_read(clock: ManualClock):
    function = Function(clock, "")
    assert function.open_jitsi() is None
    assert function.turn_password() is None
    unread = Function(clock, "nobody-has-made-it", stun_servers="stun:s.example")
    assert [each.urls for each in ice_servers(unread.ice, "x", clock.now())] == [
        ("stun:s.example",)
    ]


@pytest.mark.parametrize(
    "text",
    ["no JSON", "[]", '{"TURN_SECRET": 5, "JITSI_SECRET": 6}', '"of turn"', "{"],
)
def test_one_that_is_malformed_opens_no_room_and_says_so(
    standin: StandIn, clock: ManualClock, text: str
):
    function = Function(clock, kept(standin, text))
    for opened in (function.open_jitsi, function.turn_password):
        with pytest.raises(Unavailable, match="cannot be opened just now"):
            opened()


def test_one_that_is_missing_too_and_rooms_open_once_it_is_there(
    standin: StandIn, clock: ManualClock
):
    name = secrets.token_hex(8)
    function = Function(clock, name)
    for opened in (function.open_jitsi, function.turn_password):
        with pytest.raises(Unavailable, match="cannot be opened just now"):
            opened()
    client = standin.client("secretsmanager")
    client.create_secret(Name=name, SecretString=json.dumps(BOTH))
    clock.advance(timedelta(minutes=10))
    assert function.open_jitsi()
    assert function.turn_password()


def test_the_operator_reads_what_the_secret_must_be(standin: StandIn, clock: ManualClock):
    name = kept(standin, "no JSON")
    parts = FunctionParts(Environment("t-", room_secrets=name, **SERVERS))
    with pytest.raises(rooms.KeysUnusable, match="must be JSON with JITSI_SECRET, TURN_SECRET"):
        rooms.shared_secrets(parts)
