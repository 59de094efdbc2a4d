"""Every stream ends with the right to it, before it tells anything more."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from litestar import Request

from quadrangle.http.asking.auth import SESSION_COOKIE
from quadrangle.http.asking.authenticator import Machine
from quadrangle.http.streaming.lasting import signed_in_still
from quadrangle.kernel.errors import NotSignedIn, Unavailable
from quadrangle.kernel.principal import Principal, Role, require_staff
from tests.applications import routes_of_one_machine
from tests.http.base.rights import PASSWORD, SignedIn, World
from tests.http.issues.test_live import Stream
from tests.http.meetings.meeting_calls import key_of
from tests.running import STAFF_PIN, RunningServer

ALL, ONE = "/api/issues/events", "/api/issues/{issueId}/events"
MEETING = "/api/meetings/{meetingId}/events"
# Whose address is the right to it, so that nothing takes that away.
BY_ADDRESS = {ONE}
# What the right to it hangs on, each tried below.
BY_SIGN_IN, BY_LINK = {ALL}, {MEETING}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("streams")
    server = RunningServer(folder, QUADRANGLE_RATE_LIMITS="off").start()
    try:
        yield World(server)
    finally:
        server.end()


def patched(world: World, person: SignedIn, **fields: object) -> None:
    path = f"/api/accounts/people/{person.account_id}"
    assert world.server.call("PATCH", path, fields, token=world.admin).status == 200


def disabled(world: World, person: SignedIn) -> None:
    patched(world, person, active=False)


def demoted(world: World, person: SignedIn) -> None:
    patched(world, person, role="teacher")


def closed(world: World, person: SignedIn) -> None:
    body = {"password": PASSWORD}
    answer = world.server.call("POST", "/api/accounts/me/close", body, token=person.token)
    assert answer.status < 300, answer.body


def signed_out(world: World, person: SignedIn) -> None:
    body = {"refreshToken": person.refresh_token}
    answer = world.server.call("POST", "/api/accounts/sign-out", body, token=person.token)
    assert answer.status < 300, answer.body


def signed_out_everywhere(world: World, person: SignedIn) -> None:
    path = "/api/accounts/sign-out-everywhere"
    assert world.server.call("POST", path, {}, token=person.token).status < 300


def signed_out_by_an_admin(world: World, person: SignedIn) -> None:
    path = f"/api/accounts/people/{person.account_id}/sign-out"
    assert world.server.call("POST", path, {}, token=world.admin).status < 300


def with_another_password(world: World, person: SignedIn) -> None:
    body = {"currentPassword": PASSWORD, "newPassword": "another-fine-word-7"}
    answer = world.server.call("PUT", "/api/accounts/me/password", body, token=person.token)
    assert answer.status < 300, answer.body


def with_a_password_by_an_admin(world: World, person: SignedIn) -> None:
    path = f"/api/accounts/people/{person.account_id}/password"
    assert world.server.call("POST", path, {}, token=world.admin).status < 300


ENDS = [
    disabled,
    demoted,
    closed,
    signed_out,
    signed_out_everywhere,
    signed_out_by_an_admin,
    with_another_password,
    with_a_password_by_an_admin,
]


def test_each_stream_there_is_is_tried_here():
    streams = {
        path.replace(":str", "")
        for route in routes_of_one_machine()
        if str(route.media_type) == "text/event-stream"
        for path in route.paths
    }
    assert streams == BY_SIGN_IN | BY_LINK | BY_ADDRESS


@pytest.mark.parametrize("path", sorted(BY_SIGN_IN))
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("shown", ["token", "cookie"])
def test_a_stream_ends_with_the_sign_in_and_tells_nothing_more(
    world: World, path: str, end: Callable[[World, SignedIn], None], shown: str
):
    person = world.newcomer("staff")
    headers = {"Authorization": f"Bearer {person.token}"}
    if shown == "cookie":
        headers = {"Cookie": f"{SESSION_COOKIE}={person.token}"}
    stream = Stream(world.server, path, **headers)
    try:
        told = world.server.report()
        assert stream.change()["issueId"] == told
        end(world, person)
        world.server.report()
        assert stream.has_ended()
    finally:
        stream.close()


def test_a_stream_by_the_pin_ends_with_that_pin(world: World):
    person = world.by_pin()
    stream = Stream(world.server, ALL, Authorization=f"Bearer {person.token}")
    try:
        told = world.server.report()
        assert stream.change()["issueId"] == told
        body = {"pin": STAFF_PIN + "9"}
        assert world.server.call("PUT", "/api/accounts/pin", body, token=world.admin).status < 300
        world.server.report()
        assert stream.has_ended()
    finally:
        stream.close()


@pytest.mark.parametrize("path", sorted(BY_LINK))
def test_a_stream_by_a_link_ends_with_the_link(world: World, path: str):
    made = world.server.call("POST", "/schedule", world.meeting_body(), token=world.admin).json
    at = path.replace("{meetingId}", made["id"])
    stream = Stream(world.server, f"{at}?role=student&key={key_of(made['student_link'])}")
    try:
        address = f"/api/meetings/{made['id']}"
        renewed = world.server.call("POST", f"{address}/links", {}, token=world.admin)
        assert renewed.status == 200
        assert stream.has_ended()
    finally:
        stream.close()


class Tokens:
    """Implements Authenticator, for one token while it lasts."""

    def __init__(self, principal: Principal) -> None:
        self.principal: Principal | None = principal
        self.away = False

    async def authenticate(self, token: str) -> Principal:
        if self.away:
            raise Unavailable
        if self.principal is None or token != "access":
            raise NotSignedIn
        return self.principal

    async def authenticate_key(self, key: str, scope: str | None) -> Machine:
        raise NotSignedIn


async def test_a_stream_ends_with_its_token_and_when_nobody_can_be_asked():
    person = Principal("Bo", Role.STAFF, "account-1")
    tokens = Tokens(person)
    headers = [(b"authorization", b"Bearer access")]
    scope: Any = {"type": "http", "method": "GET", "headers": headers}
    request: Request[Any, Any, Any] = Request(scope)
    holds = signed_in_still(request, tokens, person, require_staff)
    assert await holds()
    tokens.away = True
    assert not await holds()
    tokens.away = False
    assert await holds()
    tokens.principal = Principal("Cy", Role.STAFF, "account-2")  # another one by the same cookie
    assert not await holds()
    tokens.principal = None
    assert not await holds()
