"""Machines elsewhere ask whose a ticket is, and hear what each may do on them."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from litestar.testing import AsyncTestClient

from quadrangle.aws.desktops.doors import DcvDoors
from quadrangle.hosts.shared.http_app import RouteGroup, build_app
from quadrangle.http.access_log import AccessLog
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal, Role
from quadrangle.meetings.control.model import Action
from quadrangle.meetings.control.supervision import Supervision
from quadrangle.meetings.control.switchboard import Switchboard
from quadrangle.meetings.desktops.guests_model import Guests
from quadrangle.meetings.desktops.guests_rules import SILENCE
from quadrangle.meetings.desktops.machines import Machines, MachinesParts, Report, Seen
from quadrangle.meetings.desktops.ports import FileAddress
from quadrangle.meetings.http.desktops.machines import ROUTES, asked, verdict
from quadrangle.meetings.joining.standing import Standing
from quadrangle.meetings.joining.ticketing import Ticketing
from quadrangle.meetings.model import DesktopState, Meeting, MeetingRole, Status
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.portable.tokens.meeting_keys import KEY_BYTES, HmacMachineKeys
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate
from quadrangle.sql.meetings.control import SqlControlStore
from quadrangle.sql.meetings.presence import SqlPresenceStore
from quadrangle.sql.meetings.store import SqlMeetingStore
from quadrangle.sql.meetings.tickets import SqlTickets
from tests.applications import common_of
from tests.contracts.meetings.meeting_post import Directory
from tests.rules.meetings import made

ADA = Principal("Ada Lovelace", Role.STUDENT, new_id())
TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT
KEYS = HmacMachineKeys(b"k" * KEY_BYTES)
YES = '<auth result="yes"><username>{}</username></auth>'


class Addresses:
    """Implements FileAddresses for one file."""

    async def given(self, machine_id: str) -> list[FileAddress]:
        return [FileAddress("sheet.pdf", f"https://files.example/{machine_id}")]

    async def for_take_home(self, machine: Any, size: int) -> str | None:
        return f"https://files.example/{machine.machine_id}.zip?{size}" if size < 100 else None


class GuestBook:
    """Implements GuestBook in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Guests] = {}

    async def get(self, machine_id: str) -> Guests:
        return self.kept.get(machine_id, Guests(machine_id))

    async def save(self, guests: Guests) -> None:
        self.kept[guests.machine_id] = guests


class Site:
    """A meeting in progress with both desktops, and what machines may ask of it."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        policy, self.store = MeetingPolicy(), SqlMeetingStore(database)
        self.directory = Directory(ADA)
        tickets, control = SqlTickets(database), SqlControlStore(database)
        self.presence = SqlPresenceStore(database)
        self.ticketing = Ticketing(self.store, tickets, clock, policy)
        self.supervision = Supervision(control, self.ticketing, Switchboard(), clock)
        self.machines = Machines(
            MachinesParts(
                store=self.store,
                ticketing=self.ticketing,
                supervision=self.supervision,
                presence=self.presence,
                keys=KEYS,
                files=Addresses(),
                guests=GuestBook(),
                standing=Standing(self.store, self.directory),
                clock=clock,
            )
        )
        desktops = tuple(made.desktop(role, DesktopState.HEALTHY) for role in MeetingRole)
        self.meeting: Meeting = made.meeting(desktops=desktops, status=Status.IN_PROGRESS)

    async def ticket(self, holder: MeetingRole, desktop: MeetingRole) -> str:
        return (await self.supervision.ticket(self.meeting, holder, desktop))[1]

    async def act(self, side: MeetingRole, *actions: Action) -> None:
        for action in actions:
            await self.supervision.act(self.meeting, side, action)


@pytest.fixture
async def site(tmp_path, clock: ManualClock) -> AsyncIterator[Site]:
    database = Database(f"sqlite:///{tmp_path / 'q.db'}")
    await migrate(database)
    clock.advance(made.NOW - clock.now())
    made_site = Site(database, clock)
    await made_site.store.add([made_site.meeting], [])
    yield made_site
    await database.close()


@pytest.fixture
async def http(site: Site) -> AsyncIterator[AsyncTestClient]:
    group = RouteGroup(ROUTES, [site.machines])
    app = build_app([group], common_of(), access_log=AccessLog())
    async with AsyncTestClient(app) as client:  # pyright: ignore[reportArgumentType]
        yield client


def form(session: str, ticket: str) -> str:
    told = {"sessionId": session, "authenticationToken": ticket, "clientAddress": "192.0.2.1"}
    return urlencode(told)


async def test_a_ticket_opens_its_machine_once(site: Site):
    ticket = await site.ticket(STUDENT, STUDENT)
    assert await site.machines.admit("i-student", ticket) == "student"
    assert await site.machines.admit("i-student", ticket) is None


async def test_a_ticket_opens_no_other_machine(site: Site):
    ticket = await site.ticket(STUDENT, STUDENT)
    assert await site.machines.admit("i-teacher", ticket) is None
    assert await site.machines.admit("i-student", ticket) is None


async def test_who_watches_is_a_guest_and_told_of(site: Site):
    await site.act(TEACHER, Action.WATCH)
    for _ in range(6):  # coming again is no further window
        ticket = await site.ticket(TEACHER, STUDENT)
        assert await site.machines.admit("i-student", ticket) == "guest"
    control = await site.supervision.now(site.meeting.meeting_id)
    assert control.is_connected(TEACHER)
    ticket = await site.ticket(TEACHER, STUDENT)
    await site.act(TEACHER, Action.STOP_WATCHING)
    assert await site.machines.admit("i-student", ticket) is None


def key_of(site: Site, role: MeetingRole) -> str:
    desktop = site.meeting.desktop(role)
    assert desktop is not None
    assert desktop.attempt is not None
    return KEYS.key(desktop.attempt.token)


async def test_permissions_follow_watching_and_helping(site: Site, http: AsyncTestClient):
    async def permissions() -> tuple[list[str], list[str], int]:
        headers = {"X-Machine-Key": key_of(site, STUDENT)}
        path = "/api/meetings/machines/i-student/report"
        answer = await http.post(path, json={}, headers=headers)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        heading, *lines = told["permissions"].splitlines()
        assert heading == "[permissions]"
        return lines, told["welcome"], told["againSeconds"]

    everything = "%owner% allow builtin"
    eyes = "guest allow display unsupervised-access"
    hands = eyes + " keyboard keyboard-sas mouse pointer touch stylus"
    assert await permissions() == ([everything], ["student"], 5)
    await site.act(TEACHER, Action.WATCH)
    assert await permissions() == ([everything, eyes], ["student", "guest"], 2)
    await site.machines.admit("i-student", await site.ticket(TEACHER, STUDENT))
    await site.act(TEACHER, Action.ASK)
    await site.act(STUDENT, Action.GRANT)
    own_eyes = "%owner% allow display audio-out unsupervised-access"
    assert (await permissions())[0] == [own_eyes, hands]
    await site.act(STUDENT, Action.TAKE_BACK)
    assert (await permissions())[0] == [everything, eyes]
    await site.supervision.end(site.meeting.meeting_id)
    assert (await permissions())[:2] == ([], [])


async def test_a_report_says_who_is_connected(site: Site, http: AsyncTestClient):
    async def report(*connections: dict[str, Any]) -> None:
        headers = {"X-Machine-Key": key_of(site, STUDENT)}
        body = {"connections": list(connections)}
        answer = await http.post(
            "/api/meetings/machines/i-student/report", json=body, headers=headers
        )
        assert answer.status_code == 200

    await site.act(TEACHER, Action.WATCH)
    await site.machines.admit("i-student", await site.ticket(TEACHER, STUDENT))
    await report({"number": "1", "name": "student"}, {"number": "2", "name": "guest"})
    found = {each.role: each for each in await site.presence.of_meeting("meeting-1")}
    assert {role: each.ended_at for role, each in found.items()} == {STUDENT: None, TEACHER: None}
    await report({"number": "2", "name": "guest", "ended": True})
    found = {each.role: each for each in await site.presence.of_meeting("meeting-1")}
    assert found[TEACHER].ended_at is not None
    assert found[STUDENT].ended_at is None
    control = await site.supervision.now("meeting-1")
    assert not control.is_connected(TEACHER)


async def test_files_are_fetched_and_sent_by_addresses(site: Site, http: AsyncTestClient):
    headers = {"X-Machine-Key": key_of(site, TEACHER)}
    path = "/api/meetings/machines/i-teacher/report"
    answer = await http.post(path, json={"wantsFiles": True, "takeHome": 7}, headers=headers)
    told = answer.json()
    assert told["files"] == [{"name": "sheet.pdf", "url": "https://files.example/i-teacher"}]
    assert told["takeHome"] == "https://files.example/i-teacher.zip?7"
    answer = await http.post(path, json={"takeHome": 100}, headers=headers)
    assert (answer.json()["files"], answer.json()["takeHome"]) == ([], None)


@pytest.mark.parametrize("machine_id", ["i-student", "i-nobody"])
async def test_a_wrong_key_and_a_strange_machine_are_answered_alike(
    site: Site, http: AsyncTestClient, machine_id: str
):
    headers = {"X-Machine-Key": key_of(site, TEACHER).swapcase()}
    path = f"/api/meetings/machines/{machine_id}/report"
    answer = await http.post(path, json={}, headers=headers)
    assert answer.status_code == 404
    assert answer.json()["message"] == "There is no such machine."
    assert (await http.post(path, json={})).status_code == 400


async def test_the_call_is_that_of_dcvs_external_authenticator(site: Site, http: AsyncTestClient):
    async def ask(content: str) -> str:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        path = "/api/meetings/machines/admission"
        answer = await http.post(path, content=content, headers=headers)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/xml")
        assert "no-store" in answer.headers["cache-control"]
        return answer.text

    ticket = await site.ticket(STUDENT, STUDENT)
    assert await ask(form("i-student", ticket)) == YES.format("student")
    for refused in (
        form("i-student", ticket),
        form("i-student", "guessed"),
        "",
        "x=%FF",
        "a" * 9000,
    ):
        assert (await ask(refused)).startswith('<auth result="no">')


def test_a_form_with_anything_twice_has_nothing():
    assert asked(b"sessionId=i-1&authenticationToken=t&clientAddress=1.2.3.4") == ("i-1", "t")
    assert asked(b"sessionId=i-1&sessionId=i-2&authenticationToken=t") == ("", "")
    assert asked("sessionId=ü&authenticationToken=t".encode()) == ("", "")
    assert verdict("<a>") == YES.format("&lt;a&gt;")


async def test_the_door_is_dcvs_page_with_the_ticket(site: Site):
    desktop = site.meeting.desktop(TEACHER)
    assert desktop is not None
    desktop = msgspec.structs.replace(desktop, link="https://i-teacher.desktops.example:8443")
    opening = DcvDoors().opening(site.meeting, desktop, "a-ticket")
    assert opening.websocket is None
    assert opening.url == ("https://i-teacher.desktops.example:8443/?authToken=a-ticket#i-teacher")


async def welcome(site: Site, *connections: Seen) -> list[str]:
    """Report as the student's machine; return who may be connected."""
    told = Report(connections=connections)
    orders = await site.machines.report("i-student", key_of(site, STUDENT), told)
    return orders.welcome


async def renew_links(site: Site) -> None:
    site.meeting = msgspec.structs.replace(
        site.meeting,
        link_generation=site.meeting.link_generation + 1,
        version=site.meeting.version + 1,
    )
    await site.store.save(site.meeting, [])


async def test_whoever_came_by_a_link_goes_when_it_is_renewed(site: Site):
    assert await site.machines.admit("i-student", await site.ticket(STUDENT, STUDENT)) == "student"
    there = Seen("1", "student")
    assert await welcome(site, there) == ["student"]
    await renew_links(site)
    assert await welcome(site) == []
    assert await welcome(site, there) == []  # until it is closed, whatever answer was lost
    ticket = await site.ticket(STUDENT, STUDENT)
    assert await site.machines.admit("i-student", ticket) is None
    assert await welcome(site, Seen("1", "student", ended=True)) == ["student"]
    again = await site.ticket(STUDENT, STUDENT)
    assert await site.machines.admit("i-student", again) == "student"
    assert await welcome(site, Seen("2", "student")) == ["student"]


async def test_whoever_came_by_an_account_stays_until_it_is_closed(site: Site, clock: ManualClock):
    _, ticket = await site.supervision.ticket(site.meeting, STUDENT, STUDENT, ADA.account_id)
    assert await site.machines.admit("i-student", ticket) == "student"
    await renew_links(site)
    assert await welcome(site, Seen("1", "student")) == ["student"]
    site.directory.names.clear()
    assert await welcome(site, Seen("1", "student")) == []
    clock.advance(SILENCE)  # the machine tells of no connection any more
    assert await welcome(site) == ["student"]


async def test_only_the_name_by_which_they_came_is_closed(site: Site):
    await site.act(TEACHER, Action.WATCH)
    await site.machines.admit("i-student", await site.ticket(TEACHER, STUDENT))
    _, ticket = await site.supervision.ticket(site.meeting, STUDENT, STUDENT, ADA.account_id)
    await site.machines.admit("i-student", ticket)
    both = Seen("1", "student"), Seen("2", "guest")
    assert await welcome(site, *both) == ["student", "guest"]
    await renew_links(site)
    assert await welcome(site, *both) == ["student"]
