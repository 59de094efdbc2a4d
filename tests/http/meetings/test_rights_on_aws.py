"""The calls of meetings that only AWS has, by everyone who could make them: rights-aws.txt says
what is answered."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import AsyncTestClient

from quadrangle.hosts.one_machine.meetings.materials import sheets_of
from quadrangle.hosts.shared.http_app import RouteGroup, build_app
from quadrangle.http.access_log import AccessLog
from quadrangle.http.asking.auth import SCOPE
from quadrangle.http.asking.authenticator import Machine
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Forbidden
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal, Role
from quadrangle.meetings.handouts.model import HandoutLimits
from quadrangle.meetings.http.desktops import machines
from quadrangle.meetings.http.materials import files
from quadrangle.meetings.joining.links import Links
from quadrangle.meetings.joining.seats import Seats
from quadrangle.meetings.materials.service import MaterialsParts, MaterialsService
from quadrangle.meetings.model import MeetingRole
from quadrangle.meetings.policy_model import MeetingPolicy, MeetingRights
from quadrangle.meetings.recording.limit_rules import RecordingLimits
from quadrangle.portable.tokens.meeting_keys import KEY_BYTES, HmacLinkKeys
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate
from tests.applications import Absent, common_of
from tests.http.base.rights import Row, rows
from tests.rules.meetings import made
from tests.sql.meetings.test_machines import KEYS, Site, key_of

TABLE = Path(__file__).parent.parent / "base" / "rights-aws.txt"
ROUTES = [*files.ANNOUNCED, *machines.ROUTES]
LINKS = HmacLinkKeys(b"l" * KEY_BYTES)
PEOPLE = {
    **{role.value: Principal(role.value, role, new_id()) for role in Role},
    "pin": Principal("Staff", Role.STAFF),
}
BODIES: dict[str, Any] = {
    "announcements": {"name": "a.txt", "size": 3},
    "{fileId}": {"name": "a.txt"},
    "report": {"connections": []},
}


class Authenticator:
    """Implements http.asking.authenticator.Authenticator: a token is its person's name."""

    async def authenticate(self, token: str) -> Principal:
        return PEOPLE[token]

    async def authenticate_key(self, key: str, scope: str | None) -> Machine:
        assert scope is None
        raise Forbidden("No API key may do this.")


class Arrivals:
    """Implements Arrivals where nothing comes."""

    async def address(self, key: str, size: int, life: timedelta) -> str:
        return f"https://files.example/{key}"

    async def keep(self, key: str) -> int | None:
        return None


class Callers:
    """Everybody there is, before a meeting and a machine of another one."""

    def __init__(self, site: Site, database: Database, clock: ManualClock) -> None:
        self.site, self.meeting = site, made.meeting(meeting_id=new_id())
        links = Links(site.store, LINKS, MeetingRights(), site.directory)
        seats = Seats(site.store, links, clock, MeetingPolicy())
        absent: Any = Absent()
        parts = MaterialsParts(
            meetings=site.store,
            sheets=sheets_of(database),
            presence=absent,
            room=absent,
            files=absent,
            large_files=absent,
            homes=absent,
            camera=absent,
            choices=absent,
            jobs=absent,
            clock=clock,
            policy=MeetingPolicy(),
            people=site.directory,
            limits=HandoutLimits(),
            recording_limits=RecordingLimits(),
            arrivals=Arrivals(),
        )
        materials = MaterialsService(parts, seats, absent)
        group = RouteGroup(ROUTES, [site.machines, materials])
        self.app = build_app([group], common_of(Authenticator()), access_log=AccessLog())

    def headers(self, who: str) -> dict[str, str]:
        found = {"X-Machine-Key": "nobody's"}
        if who in PEOPLE:
            found["Authorization"] = f"Bearer {who}"
        elif who in ("key", "other-key"):
            found["X-Api-Key"] = "qk_machine"
        elif who.endswith("-link"):
            side = MeetingRole(who.removesuffix("-link"))
            found["X-Join-Key"] = LINKS.key(self.meeting.meeting_id, side, 1)
        elif who == "machine":
            found["X-Machine-Key"] = key_of(self.site, MeetingRole.STUDENT)
        elif who == "other-machine":
            found["X-Machine-Key"] = KEYS.key("the token of another launch")
        return found

    async def answer(self, client: Any, row: Row, who: str) -> Any:
        ids = {
            "meetingId": self.meeting.meeting_id,
            "fileId": new_id(),
            "machineId": "i-student",
        }
        path = re.sub(r"\{(\w+)\}", lambda name: ids[name[1]], row.path)
        last = row.path.rpartition("/")[2]
        body = dict(BODIES.get(last, {}))
        if who.endswith("-link") and "{meetingId}" in row.path:
            body["role"] = who.removesuffix("-link")
        return await client.request(row.method, path, json=body, headers=self.headers(who))


@pytest.fixture
async def callers(tmp_path: Path, clock: ManualClock) -> AsyncIterator[Callers]:
    database = Database(f"sqlite:///{tmp_path / 'q.db'}")
    await migrate(database)
    clock.advance(made.NOW - clock.now())
    callers = Callers(Site(database, clock), database, clock)
    await callers.site.store.add([callers.site.meeting], [])
    await callers.site.store.add([callers.meeting], [])
    yield callers
    await database.close()


def test_each_of_these_calls_has_a_row_and_no_key_a_scope():
    declared = {
        (method, path.replace(":str", "")): route.opt.get(SCOPE, "-")
        for route in ROUTES
        for method in route.http_methods
        for path in route.paths
    }
    assert {(row.method, row.path): row.scope for row in rows(TABLE)} == declared


async def test_each_cell_answers_as_the_table_says(callers: Callers):
    wrong = []
    async with AsyncTestClient(callers.app) as client:  # pyright: ignore[reportArgumentType]
        for row in rows(TABLE):
            for who, expected in row.cells.items():
                answer = await callers.answer(client, row, who)
                status = 2 if answer.status_code < 400 else answer.status_code
                if status != expected:
                    wrong.append((row.method, row.path, who, expected, status, answer.text))
                if row.path.endswith("/admission"):
                    assert '<auth result="no">' in answer.text
    assert wrong == []
