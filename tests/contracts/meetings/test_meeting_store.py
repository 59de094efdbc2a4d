"""What every meeting store keeps and finds."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import ManualClock, to_text
from quadrangle.kernel.errors import Conflict, InvalidInput
from quadrangle.kernel.ids import new_id
from quadrangle.meetings.model import (
    Attempt,
    Desktop,
    DesktopState,
    Meeting,
    MeetingRole,
    Status,
    Workspace,
)
from quadrangle.meetings.ports import MeetingQuery, MeetingStore
from quadrangle.meetings.scheduling.claims_model import HourClaim, HourTaken, NoRoomThen, RoomLimit
from tests.meeting_stores import MeetingStores

TEACHER = "account-teacher"
ROOM = RoomLimit(2, 600, "There is room for two meetings at once.")


class Desk:
    """A store with short ways to fill it."""

    def __init__(self, stores: MeetingStores, clock: ManualClock) -> None:
        self.store: MeetingStore = stores.meetings
        self.clock = clock
        self._stores = stores

    def at(self, minutes: float) -> str:
        return to_text(self.clock.now() + timedelta(minutes=minutes))

    def new(self, start: float = 60, **fields) -> Meeting:
        at = self.at(0)
        values = {
            "meeting_id": new_id(),
            "teacher_name": "Ms Byron",
            "student_name": "Ada",
            "meet_time": self.at(start),
            "local_time": self.at(start)[:19],
            "time_zone": "UTC",
            "created_at": at,
            "counts_from": at,
            "jitsi_url": "https://meet.campus.example/x",
            "frontend_base_url": "https://campus.example/meeting",
            "look_at": self.at(start - 10),
        }
        return Meeting(**values | fields)

    async def add(self, minutes: float = 60, **fields) -> Meeting:
        meeting = self.new(minutes, **fields)
        await self.store.add([meeting], [self.change(meeting, "meeting.scheduled")])
        return meeting

    async def save(self, meeting: Meeting, claims=None, limit=None, **fields) -> Meeting:
        written = msgspec.structs.replace(meeting, version=meeting.version + 1, **fields)
        change = self.change(written, "meeting.kept-up")
        await self.store.save(written, [change], claims, limit)
        return written

    def change(self, meeting: Meeting, kind: str) -> Change:
        return Change(kind, meeting.meeting_id, {"x": 1}, "Ms Byron", self.at(0))

    def claim(self, minutes: float, length: float = 60, exclusive: bool = True) -> HourClaim:
        return HourClaim(TEACHER, self.at(minutes), self.at(minutes + length), exclusive)

    async def book(self, minutes: float, length: float = 60, exclusive: bool = True) -> Meeting:
        meeting = self.new(minutes, teacher_id=TEACHER)
        claims = {meeting.meeting_id: [self.claim(minutes, length, exclusive)]}
        await self.store.add([meeting], [self.change(meeting, "meeting.scheduled")], claims)
        return meeting

    async def ids(self, limit: int = 50, **query) -> list[str]:
        page = await self.store.page(MeetingQuery(**query), limit, None)
        return [meeting.meeting_id for meeting in page.items]

    async def unsettled(self) -> list[str]:
        found = self.store.unsettled(self.at(0))
        return [meeting.meeting_id async for meeting in found]

    async def kinds(self, meeting: Meeting) -> list[str]:
        changes = await self._stores.changes()
        return [change.kind for change in changes if change.subject == meeting.meeting_id]


def desktop(role: MeetingRole, state: DesktopState, **fields) -> Desktop:
    at = "2026-11-21T09:30:00.000Z"
    return Desktop(role, 1, state, at, at, **fields)


@pytest.fixture
def desk(stores: MeetingStores, clock: ManualClock) -> Desk:
    return Desk(stores, clock)


async def test_a_meeting_is_found_as_it_was_saved(desk: Desk):
    attempt = Attempt(2, "t" * 64, desk.at(0), desk.at(90), "zone-b", "t3.large")
    whole = desktop(
        MeetingRole.STUDENT,
        DesktopState.HEALTHY,
        attempt=attempt,
        machine_id="i-1",
        address="10.0.0.1",
        link="https://i-1.campus.example:8443",
        failed_checks=2,
    )
    saved = await desk.add(
        teacher_name="Ünïcode 🎓",
        status=Status.DEGRADED,
        workspace=Workspace.TERMINAL,
        desktops=(whole,),
        joined_at=desk.at(0),
        joined_roles=(MeetingRole.STUDENT,),
        released=(MeetingRole.TEACHER,),
    )
    assert await desk.store.get(saved.meeting_id) == saved
    assert await desk.kinds(saved) == ["meeting.scheduled"]


async def test_an_unknown_id_is_none(desk: Desk):
    assert await desk.store.get(new_id()) is None


async def test_saving_over_a_newer_version_is_a_conflict_and_changes_nothing(desk: Desk):
    meeting = await desk.add()
    newer = await desk.save(meeting, status=Status.LAUNCHED)
    with pytest.raises(Conflict):
        await desk.save(meeting, status=Status.CANCELLED)
    assert await desk.store.get(meeting.meeting_id) == newer
    assert await desk.kinds(meeting) == ["meeting.scheduled", "meeting.kept-up"]


async def test_saving_what_is_not_there_makes_nothing(desk: Desk):
    ghost = desk.new()
    with pytest.raises(Conflict):
        await desk.save(ghost)
    assert await desk.store.get(ghost.meeting_id) is None
    assert await desk.kinds(ghost) == []


async def test_of_many_writers_at_once_one_wins(desk: Desk):
    meeting = await desk.add()
    tries = [desk.save(meeting, end_reason=str(number)) for number in range(10)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(result) for result in results].count(Conflict) == 9


async def test_lists_are_in_order_of_their_start_whichever_way(desk: Desk):
    late, soon, middle = [await desk.add(minutes) for minutes in (300, 10, 60)]
    expected = [each.meeting_id for each in (soon, middle, late)]
    assert await desk.ids() == expected
    assert await desk.ids(newest_first=True) == expected[::-1]


async def test_lists_are_narrowed_by_person_status_and_time(desk: Desk):
    taught = await desk.add(10, teacher_id="a", student_id="b")
    learnt = await desk.add(20, teacher_id="b", student_id="a")
    own = await desk.add(30, teacher_id="a", student_id="a")
    await desk.add(40, teacher_id="c")
    none = await desk.add(50, status=Status.CANCELLED)
    mine = [each.meeting_id for each in (taught, learnt, own)]
    assert await desk.ids(person_id="a") == mine
    assert await desk.ids(person_id="a", newest_first=True) == mine[::-1]
    assert await desk.ids(person_id="b") == mine[:2]
    assert await desk.ids(person_id="nobody") == []
    assert await desk.ids(status=Status.CANCELLED) == [none.meeting_id]
    assert await desk.ids(first=learnt.meet_time, last=own.meet_time) == [learnt.meeting_id]


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("person_id", [None, "a"])
async def test_pages_continue_where_they_ended_also_at_one_instant(
    desk: Desk, newest_first: bool, person_id: str | None
):
    for number in range(7):
        sides = ("a", "b") if number % 2 else ("b", "a")
        await desk.add(60 if number < 5 else 90, teacher_id=sides[0], student_id=sides[1])
    query = MeetingQuery(person_id=person_id, newest_first=newest_first)
    seen: list[Meeting] = []
    cursor: str | None = None
    while True:
        page = await desk.store.page(query, 2, cursor)
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
        assert len(page.items) == 2
    order = [(each.meet_time, each.meeting_id) for each in seen]
    assert order == sorted(order, reverse=newest_first)
    assert len(set(order)) == 7


async def test_a_made_up_cursor_is_refused(desk: Desk):
    for cursor in ("nonsense", "!!!", "", "eyJhIjoxfQ", "\x00"):
        with pytest.raises(InvalidInput):
            await desk.store.page(MeetingQuery(), 3, cursor)


async def test_a_sweep_sees_what_is_due_and_nothing_that_is_settled(desk: Desk, monkeypatch):
    monkeypatch.setattr("quadrangle.sql.meetings.store.UNSETTLED_PAGE", 2)
    due = [await desk.add(minutes) for minutes in (9, 5, 10, 5, -60)]
    await desk.add(10.1)
    over = await desk.add(5, status=Status.ENDED, ended_at=desk.at(0), look_at=None)
    assert set(await desk.unsettled()) == {each.meeting_id for each in due}
    assert len(await desk.unsettled()) == 5
    draining = await desk.save(over, look_at=desk.at(-1))
    assert draining.meeting_id in await desk.unsettled()


async def test_a_machine_is_found_by_the_meeting_it_is_the_present_desktop_of(desk: Desk):
    teacher = desktop(MeetingRole.TEACHER, DesktopState.RUNNING, machine_id="i-1")
    student = desktop(MeetingRole.STUDENT, DesktopState.RUNNING, machine_id="i-2")
    meeting = await desk.add(desktops=(teacher, student))
    await desk.add()
    assert await desk.store.of_machine("i-1") == meeting.meeting_id
    assert await desk.store.of_machine("i-2") == meeting.meeting_id
    assert await desk.store.of_machine("i-3") is None
    await desk.save(meeting, desktops=(student,))
    assert await desk.store.of_machine("i-1") is None


# -- hours --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "length"), [(60, 60), (30, 60), (90, 10), (30, 120), (119, 60), (1, 60)]
)
async def test_an_hour_that_is_taken_is_refused_and_nothing_is_saved(desk: Desk, minutes, length):
    await desk.book(60)
    with pytest.raises(HourTaken):
        await desk.book(minutes, length)
    assert len(await desk.ids()) == 1


@pytest.mark.parametrize(("minutes", "length"), [(120, 60), (0, 60), (300, 60)])
async def test_hours_that_touch_or_lie_apart_are_free(desk: Desk, minutes, length):
    await desk.book(60)
    await desk.book(minutes, length)
    assert len(await desk.ids()) == 2


async def test_of_twenty_who_take_one_hour_one_gets_it(desk: Desk):
    tries = [desk.book(60) for _ in range(20)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(result) for result in results].count(HourTaken) == 19
    assert len(await desk.ids()) == 1


async def test_an_hour_is_free_again_once_its_meeting_is_over_or_was_moved(desk: Desk):
    meeting = await desk.book(60)
    moved = await desk.save(meeting, claims=[desk.claim(240)])
    again = await desk.book(60)
    with pytest.raises(HourTaken):
        await desk.book(240)
    over = {"status": Status.CANCELLED, "ended_at": desk.at(0)}
    await desk.save(moved, **over)
    await desk.save(again, **over)
    await desk.book(60)
    await desk.book(240)


async def test_a_meeting_may_be_moved_within_its_own_hour_but_not_into_anothers(desk: Desk):
    meeting = await desk.book(60)
    await desk.book(180)
    moved = await desk.save(meeting, claims=[desk.claim(90)])
    with pytest.raises(HourTaken):
        await desk.save(moved, claims=[desk.claim(150)])
    assert await desk.store.get(meeting.meeting_id) == moved
    with pytest.raises(HourTaken):
        await desk.book(100)


async def test_a_teachers_own_overlap_is_allowed_and_a_bookers_is_not(desk: Desk):
    await desk.book(60, exclusive=False)
    await desk.book(90, exclusive=False)
    with pytest.raises(HourTaken):
        await desk.book(60)


async def test_of_a_series_either_all_is_saved_or_nothing(desk: Desk):
    await desk.book(60 * 24)
    series = [desk.new(60 * 24 * day, teacher_id=TEACHER) for day in range(3)]
    claims = {each.meeting_id: [desk.claim(60 * 24 * day)] for day, each in enumerate(series)}
    with pytest.raises(HourTaken):
        await desk.store.add(series, [], claims)
    assert len(await desk.ids()) == 1
    del claims[series[1].meeting_id]
    await desk.store.add(series, [], claims)
    assert len(await desk.ids()) == 4


async def test_a_teacher_has_no_more_than_some_meetings_at_once(desk: Desk):
    for minutes in (60, 75, 90):
        await desk.book(minutes, exclusive=False)
    with pytest.raises(HourTaken, match="already"):
        await desk.book(100, exclusive=False)
    await desk.book(150, exclusive=False)


async def test_a_series_that_overlaps_itself_is_refused(desk: Desk):
    series: Sequence[Meeting] = [desk.new(60), desk.new(90)]
    claims = {
        each.meeting_id: [desk.claim(minutes)]
        for each, minutes in zip(series, (60, 90), strict=True)
    }
    with pytest.raises(HourTaken):
        await desk.store.add(series, [], claims)
    assert await desk.ids() == []


# -- room ---------------------------------------------------------------------------------------


async def with_room(desk: Desk, start: float, **fields) -> Meeting:
    meeting = desk.new(start, **fields)
    await desk.store.add([meeting], [], None, ROOM)
    return meeting


async def test_one_meeting_too_many_at_once_is_refused_with_the_sentence(desk: Desk):
    for minutes in (60, 90):
        await with_room(desk, minutes)
    with pytest.raises(NoRoomThen) as caught:
        await with_room(desk, 100)
    assert str(caught.value) == ROOM.sentence
    assert len(await desk.ids()) == 2


async def test_room_counts_what_is_there_at_one_moment_not_all_that_overlaps(desk: Desk):
    await with_room(desk, 60)
    await with_room(desk, 180)
    await with_room(desk, 60, minutes=240)
    with pytest.raises(NoRoomThen):
        await with_room(desk, 60)
    await with_room(desk, 131, minutes=30)


async def test_desktops_are_there_before_the_hour_begins(desk: Desk):
    for _ in range(2):
        await with_room(desk, 60)
    with pytest.raises(NoRoomThen):
        await with_room(desk, 125)
    await with_room(desk, 130)


async def test_who_is_over_makes_room(desk: Desk):
    first = await with_room(desk, 60)
    await with_room(desk, 60)
    await desk.save(first, status=Status.CANCELLED, ended_at=desk.at(0))
    await with_room(desk, 60)


async def test_a_meeting_is_not_in_its_own_way_when_it_is_moved(desk: Desk):
    first = await with_room(desk, 60)
    await with_room(desk, 60)
    moved = await desk.save(first, limit=ROOM, meet_time=desk.at(70))
    await with_room(desk, 240)
    await with_room(desk, 240)
    with pytest.raises(NoRoomThen):
        await desk.save(moved, limit=ROOM, meet_time=desk.at(240))
    assert await desk.store.get(first.meeting_id) == moved
