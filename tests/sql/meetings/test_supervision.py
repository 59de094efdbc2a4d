"""Rights reach the live connections of this process at once, and those of others by the change."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from quadrangle.http.streaming.line import NOT_HEARD, OVER, SERVER_STOPS, WITHDRAWN, Ending, Line
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Forbidden, Unavailable
from quadrangle.meetings.control.following import Following
from quadrangle.meetings.control.model import Action, Control, Help
from quadrangle.meetings.control.supervision import Supervision
from quadrangle.meetings.control.switchboard import OpenLine, Switchboard
from quadrangle.meetings.joining.standing import Standing
from quadrangle.meetings.joining.ticketing import Ticketing
from quadrangle.meetings.model import Meeting, MeetingRole, Right
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.portable.rfb.filter import Gate
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate
from quadrangle.sql.meetings.control import SqlControlStore
from quadrangle.sql.meetings.store import SqlMeetingStore
from quadrangle.sql.meetings.tickets import SqlTickets
from tests.contracts.meetings.booth import ADA, BO
from tests.contracts.meetings.meeting_post import Directory
from tests.portable.rfb import streams
from tests.portable.rfb.streams import Desktop
from tests.portable.rfb.test_gate import opened

TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT
PEOPLE = (ADA, BO)
AT = "2026-11-21T09:30:00.000Z"
MEETING = Meeting("m1", "Ada", "Bo", AT, "2026-11-21T10:30", "Europe/Berlin", AT, AT, "", "")


class FakeLine(Line):
    """A line without sockets that tells what became of it."""

    def __init__(self, log: list[str], name: str) -> None:
        self.desktop = Desktop()
        self.notes: list[Any] = []
        self.ending: Ending | None = None
        self._log, self._name = log, name

    def to_server(self, data: bytes) -> None:
        self._log.append(f"{self._name} lets go" if data else f"{self._name} may more")
        self.desktop.take(data)

    def tell(self, note: Any) -> None:
        self.notes.append(note)

    def end(self, ending: Ending | None) -> None:
        self.ending = ending


def no_tickets(database: Database, clock: ManualClock) -> Ticketing:
    meetings = SqlMeetingStore(database)
    return Ticketing(meetings, SqlTickets(database), clock, MeetingPolicy())


class Process:
    """One server: its switchboard, and connections to it."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.store = SqlControlStore(database)
        self.switchboard = Switchboard()
        self.supervision = Supervision(
            self.store, no_tickets(database, clock), self.switchboard, clock
        )
        self.people = Directory(*PEOPLE)
        standing = Standing(SqlMeetingStore(database), self.people)
        self.following = Following(self.supervision, self.switchboard, standing)
        self.log: list[str] = []

    async def hear(self, kind: str, subject: str) -> None:
        self.following.hear(Change(kind, subject, {}, "Ada", AT))
        while self.following._running:  # noqa: ASYNC110 - its work has no event
            await asyncio.sleep(0.01)

    async def connect(
        self,
        name: str,
        holder: MeetingRole,
        desktop: MeetingRole,
        account_id: str | None = None,
        holder_id: str | None = None,
    ) -> OpenLine:
        if holder is desktop:
            control = await self.supervision.now("m1")
        else:
            await self.act(holder, Action.WATCH)
            control = await self.supervision.connect(MEETING, holder, name)
        gate: Gate = opened(Right.WATCH, owner=holder is desktop)
        line = FakeLine(self.log, name)
        seat = OpenLine(name, "m1", holder, desktop, line, gate, account_id, 1, holder_id)
        self.switchboard.add(seat, control)
        return seat

    async def act(self, side: MeetingRole, act: Action) -> Control:
        return await self.supervision.act(MEETING, side, act)


@pytest.fixture
async def database(tmp_path) -> AsyncIterator[Database]:
    opened_database = Database(f"sqlite:///{tmp_path / 'q.db'}")
    await migrate(opened_database)
    yield opened_database
    await opened_database.close()


@pytest.fixture
def here(database: Database, clock: ManualClock) -> Process:
    return Process(database, clock)


@pytest.fixture
def there(database: Database, clock: ManualClock) -> Process:
    """Another server of the same installation."""
    return Process(database, clock)


def types_key(seat: OpenLine) -> bool:
    """Press a key and tell whether the desktop gets it."""
    line = seat.line
    assert isinstance(line, FakeLine)
    sent = seat.gate.from_client(streams.key(0x61, True))
    line.desktop.take(sent)
    return bool(sent)


def line_of(seat: OpenLine) -> FakeLine:
    assert isinstance(seat.line, FakeLine)
    return seat.line


async def test_a_teacher_watches_is_let_in_and_sent_back(here: Process):
    student = await here.connect("own", STUDENT, STUDENT)
    teacher = await here.connect("over-the-shoulder", TEACHER, STUDENT)
    assert (types_key(student), types_key(teacher)) == (True, False)
    assert line_of(student).notes[-1]["control"]["watching"] == [TEACHER]

    await here.act(TEACHER, Action.ASK)
    assert not types_key(teacher)
    await here.act(STUDENT, Action.GRANT)
    assert (types_key(student), types_key(teacher)) == (False, True)
    assert not line_of(student).desktop.down, "what the student held down was let go of"

    here.log.clear()
    await here.act(STUDENT, Action.TAKE_BACK)
    assert here.log[0] == "over-the-shoulder lets go", "before the student has them again"
    assert not line_of(teacher).desktop.down
    assert (types_key(student), types_key(teacher)) == (True, False)
    taken = await here.supervision.now("m1")
    for seat in (student, teacher):
        told = line_of(seat).notes[-1]["control"]
        assert (told["hand"], told["version"]) == (STUDENT, taken.version)
    assert line_of(teacher).notes[-1]["right"] is Right.WATCH


async def test_taking_back_holds_although_it_cannot_be_written_down(here: Process, monkeypatch):
    student = await here.connect("own", STUDENT, STUDENT)
    teacher = await here.connect("shoulder", TEACHER, STUDENT)
    await here.act(TEACHER, Action.ASK)
    given = await here.act(STUDENT, Action.GRANT)

    async def away(*_: Any) -> None:
        raise Unavailable()

    with monkeypatch.context() as patched:
        patched.setattr(here.store, "save", away)
        with pytest.raises(Unavailable):
            await here.act(STUDENT, Action.TAKE_BACK)
    assert (types_key(student), types_key(teacher)) == (True, False)
    here.switchboard.apply(given)
    await here.supervision.refresh("m1")
    assert not types_key(teacher), "what is written is older than what the student said"
    await here.act(STUDENT, Action.TAKE_BACK)
    assert (await here.supervision.now("m1")).help is Help.NONE


async def test_the_hand_goes_back_when_the_teachers_connection_ends(
    here: Process, clock: ManualClock
):
    student = await here.connect("own", STUDENT, STUDENT)
    teacher = await here.connect("shoulder", TEACHER, STUDENT)
    await here.act(STUDENT, Action.CALL)
    await here.act(TEACHER, Action.ASK)
    assert not types_key(student)
    here.switchboard.remove(teacher)
    await here.supervision.leave("m1", "shoulder")
    assert types_key(student)
    told = line_of(student).notes[-1]["control"]
    assert (told["hand"], told["watching"]) == (STUDENT, [TEACHER]), "the page may come again"
    clock.advance(timedelta(seconds=71))
    await here.supervision.now("m1")
    assert line_of(student).notes[-1]["control"]["watching"] == []


async def test_a_student_sees_the_teachers_desktop_only_while_it_is_shared(here: Process):
    with pytest.raises(Forbidden):
        await here.connect("peek", STUDENT, TEACHER)
    await here.act(TEACHER, Action.OFFER)
    peek = await here.connect("peek", STUDENT, TEACHER)
    assert not types_key(peek)
    await here.act(TEACHER, Action.WITHDRAW)
    assert line_of(peek).ending == WITHDRAWN


async def test_another_process_follows_when_it_hears_of_the_change(here: Process, there: Process):
    student = await here.connect("own", STUDENT, STUDENT)
    teacher = await there.connect("shoulder", TEACHER, STUDENT)
    await there.act(TEACHER, Action.ASK)
    await here.act(STUDENT, Action.GRANT)
    assert not types_key(teacher)
    await there.supervision.refresh("m1")
    assert (types_key(student), types_key(teacher)) == (False, True)
    await here.act(STUDENT, Action.TAKE_BACK)
    await there.supervision.refresh("m1")
    assert not types_key(teacher)


async def test_a_server_hears_of_what_others_decided_and_of_the_end(here: Process, there: Process):
    teacher = await there.connect("shoulder", TEACHER, STUDENT)
    await there.act(TEACHER, Action.ASK)
    await here.act(STUDENT, Action.GRANT)
    assert not types_key(teacher)
    await there.hear("meeting.control-changed", "of another meeting")
    assert not types_key(teacher)
    await there.hear("meeting.control-changed", "m1")
    assert types_key(teacher)
    await there.hear("meeting.ended", "m1")
    assert line_of(teacher).ending == OVER
    assert (await here.supervision.now("m1")).over


async def test_new_links_end_what_the_earlier_ones_opened(database: Database, here: Process):
    store = SqlMeetingStore(database)
    await store.add([MEETING], [])
    by_link = await here.connect("shoulder", TEACHER, STUDENT)
    by_account = await here.connect("own", STUDENT, STUDENT, BO.account_id)
    await here.hear("meeting.links-renewed", "m1")
    assert line_of(by_link).ending is None, "of the present links"
    await store.save(msgspec.structs.replace(MEETING, link_generation=2, version=2), [])
    await here.hear("meeting.links-renewed", "m1")
    assert line_of(by_link).ending == WITHDRAWN
    assert line_of(by_account).ending is None


@pytest.mark.parametrize("kind", ["account.changed", "account.closed"])
async def test_an_account_that_is_open_no_more_has_no_connection(here: Process, kind: str):
    teacher = await here.connect("shoulder", TEACHER, STUDENT, ADA.account_id)
    student = await here.connect("own", STUDENT, STUDENT, BO.account_id)
    await here.hear(kind, str(ADA.account_id))
    assert line_of(teacher).ending is None, "open still"
    del here.people.names[ADA.account_id]
    await here.hear(kind, str(ADA.account_id))
    assert line_of(teacher).ending == WITHDRAWN
    assert line_of(student).ending is None


async def test_what_a_link_opened_ends_with_the_account_of_its_side(
    here: Process, database: Database
):
    meeting = msgspec.structs.replace(MEETING, student_id=BO.account_id)
    await SqlMeetingStore(database).add([meeting], [])
    student = await here.connect("own", STUDENT, STUDENT, holder_id=BO.account_id)
    await here.hear("account.changed", str(BO.account_id))
    assert line_of(student).ending is None, "open still"
    del here.people.names[BO.account_id]
    await here.hear("account.changed", str(BO.account_id))
    assert line_of(student).ending == WITHDRAWN


async def test_a_server_that_stops_ends_connections(here: Process):
    student = await here.connect("own", STUDENT, STUDENT)
    running = asyncio.create_task(here.following.until_stopped())
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert line_of(student).ending == SERVER_STOPS


async def test_the_end_of_a_meeting_ends_its_connections(here: Process):
    student = await here.connect("own", STUDENT, STUDENT)
    teacher = await here.connect("shoulder", TEACHER, STUDENT)
    await here.supervision.end("m1")
    await here.supervision.end("m1")
    assert (line_of(student).ending, line_of(teacher).ending) == (OVER, OVER)


async def test_the_viewers_of_a_server_that_died_are_forgotten(
    here: Process, there: Process, clock: ManualClock
):
    lost = await there.connect("shoulder", TEACHER, STUDENT)
    kept = await here.connect("other", TEACHER, STUDENT)
    student = await here.connect("own", STUDENT, STUDENT)
    for _ in range(4):
        clock.advance(timedelta(seconds=20))
        await here.supervision.seen("m1", "other")
    control = await here.supervision.now("m1")
    assert [viewer.connection_id for viewer in control.viewers] == ["other"]
    assert line_of(kept).ending is None
    assert line_of(student).notes[-1]["control"]["watching"] == [TEACHER]
    await there.supervision.refresh("m1")
    assert line_of(lost).ending == NOT_HEARD, "it was alive after all, and may come again"


async def test_both_press_at_once_and_the_students_word_stands(here: Process, there: Process):
    await here.connect("shoulder", TEACHER, STUDENT)
    for _ in range(10):
        await here.act(TEACHER, Action.ASK)
        await here.act(STUDENT, Action.GRANT)
        await asyncio.gather(here.act(TEACHER, Action.ASK), there.act(STUDENT, Action.TAKE_BACK))
        assert (await here.supervision.now("m1")).help in (Help.NONE, Help.ASKED)
        await here.act(STUDENT, Action.TAKE_BACK)


async def test_a_server_that_stops_ends_all_connections_and_forgets(here: Process):
    student = await here.connect("own", STUDENT, STUDENT)
    assert here.switchboard.meetings() == ["m1"]
    here.switchboard.end_all(SERVER_STOPS)
    assert line_of(student).ending == SERVER_STOPS
    here.switchboard.remove(student)
    assert here.switchboard.meetings() == []
