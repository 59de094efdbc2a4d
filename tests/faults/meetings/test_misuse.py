"""Links, keys and tickets in the wrong hands, and joins at the wrong time."""

import asyncio
from datetime import timedelta

import pytest

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, Forbidden, Gone, InvalidInput, NotFound, NotSignedIn
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import ANYONE, Principal, Role
from quadrangle.meetings.joining.joining import Joined, WarmingUp
from quadrangle.meetings.model import Meeting, MeetingRole, Right, Status
from quadrangle.meetings.policy_model import MeetingRights
from quadrangle.meetings.ports import MeetingQuery
from quadrangle.meetings.scheduling.scheduling import Caller
from tests.faults.meetings.hours import healthy, in_progress
from tests.faults.meetings.world import CALLER, World

TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT
INVALID = "Invalid meeting ID or role."


def key_of(world: World, meeting: Meeting, role: MeetingRole, generation: int = 1) -> str:
    return world.keys.key(meeting.meeting_id, role, generation)


def query_of(link: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in link.partition("?")[2].split("&"))


async def test_a_link_has_the_id_the_role_and_a_key_and_opens_its_side(world: World):
    meeting = await healthy(world)
    links = world.links.of(meeting)
    prefix = f"https://campus.example/meeting?id={meeting.meeting_id}&role=teacher&key="
    assert links.teacher_link.startswith(prefix)
    for link, role in ((links.teacher_link, TEACHER), (links.student_link, STUDENT)):
        query = query_of(link)
        joined = await world.joining.join(query["id"], query["role"], query["key"])
        assert isinstance(joined, Joined)
        assert joined.role is role


async def test_what_is_wrong_with_a_link_is_not_told_apart(world: World):
    meeting = await healthy(world)
    key = key_of(world, meeting, STUDENT)
    other = await world.schedule(60)
    for meeting_id, role, tried in (
        (meeting.meeting_id, "teacher", key),  # swapped
        (meeting.meeting_id, "student", key[:-1] + ("A" if key[-1] != "A" else "B")),
        (meeting.meeting_id, "student", key + "A"),
        (meeting.meeting_id, "student", ""),
        (meeting.meeting_id, "student", None),
        (meeting.meeting_id, "student", "\x00é"),
        (meeting.meeting_id, "student", "x" * 10_000),
        (meeting.meeting_id, "STUDENT", key),
        (meeting.meeting_id, "staff", key),
        (meeting.meeting_id, "", key),
        (other.meeting_id, "student", key),
        (new_id(), "student", key),
        ("", "student", key),
        ("../" * 9, "student", key),
        (meeting.meeting_id, "student", key_of(world, meeting, STUDENT, 2)),  # not made yet
    ):
        with pytest.raises(InvalidInput) as caught:
            await world.joining.join(meeting_id, role, tried)
        assert caught.value.message == INVALID
    assert (await world.get(meeting)).status is Status.HEALTHY


async def test_renewed_links_end_the_earlier_ones(world: World):
    meeting = await healthy(world)
    await world.scheduling.renew_links(meeting.meeting_id, CALLER)
    with pytest.raises(Gone):
        await world.joining.join(meeting.meeting_id, "student", key_of(world, meeting, STUDENT))
    with pytest.raises(InvalidInput):
        await world.joining.join(meeting.meeting_id, "teacher", key_of(world, meeting, STUDENT))
    now = key_of(world, meeting, STUDENT, 2)
    assert isinstance(await world.joining.join(meeting.meeting_id, "student", now), Joined)


async def test_without_keys_only_where_the_setting_says_so(world: World):
    meeting = await healthy(world)
    open_world = World(
        world.ground, world.cloud, world.clock, rights=MeetingRights(open_links=True)
    )
    joined = await open_world.joining.join(meeting.meeting_id, "student", None)
    assert isinstance(joined, Joined)
    with pytest.raises(InvalidInput):
        await open_world.joining.join(meeting.meeting_id, "teacher", "wrong")


async def test_a_join_during_termination_is_gone(world: World):
    meeting = await in_progress(world)
    await world.scheduling.end(meeting.meeting_id, CALLER)
    with pytest.raises(Gone):
        await world.join(meeting, STUDENT)
    await world.ground.work()
    with pytest.raises(Gone):
        await world.join(meeting, STUDENT)


async def test_a_join_after_the_end_is_gone_though_nothing_has_run_yet(world: World):
    meeting = await in_progress(world, minutes=30)
    world.clock.advance(timedelta(minutes=30))
    assert (await world.get(meeting)).status is Status.IN_PROGRESS
    with pytest.raises(Gone):
        await world.join(meeting, STUDENT)


async def test_many_who_join_at_once_join_once(world: World):
    meeting = await healthy(world)
    entered = await asyncio.gather(*(world.join(meeting, STUDENT) for _ in range(20)))
    assert all(isinstance(each, Joined) for each in entered)
    assert len({each.websocket for each in entered}) == 20
    joined = [c for c in await world.ground.changes() if c.kind == "meeting.joined"]
    assert len(joined) == 1


async def test_waiting_changes_nothing(world: World):
    meeting = await world.schedule(60)
    before = await world.ground.changes()
    for _ in range(5):
        assert isinstance(await world.join(meeting, TEACHER), WarmingUp)
    assert await world.get(meeting) == meeting
    assert await world.ground.changes() == before


# -- tickets --------------------------------------------------------------------------------------


async def ticket(world: World, meeting: Meeting, role: MeetingRole = STUDENT) -> str:
    entered = await world.join(meeting, role)
    assert isinstance(entered, Joined)
    assert entered.websocket
    return entered.websocket.rpartition("/")[2]


async def test_a_ticket_opens_ones_own_desktop_once(world: World):
    meeting = await healthy(world)
    told = await ticket(world, meeting)
    admitted = await world.ticketing.take(told)
    assert (admitted.holder, admitted.desktop.role) == (STUDENT, STUDENT)
    assert admitted.right is Right.CONTROL
    with pytest.raises(Gone):
        await world.ticketing.take(told)


@pytest.mark.parametrize("told", ["", "x", "x" * 100_000, "\ud800", "é"])
async def test_what_is_no_ticket_opens_nothing(world: World, told: str):
    with pytest.raises(Gone):
        await world.ticketing.take(told)


async def test_a_ticket_lives_for_a_minute(world: World):
    meeting = await healthy(world)
    told = await ticket(world, meeting)
    world.clock.advance(timedelta(seconds=60))
    with pytest.raises(Gone):
        await world.ticketing.take(told)


async def test_a_ticket_does_not_outlive_meeting_or_desktop(world: World):
    meeting = await in_progress(world)
    told, other = await ticket(world, meeting), await ticket(world, meeting)
    desktop = await world.desktop(meeting, STUDENT)
    world.cloud.kill(desktop.machine_id)
    await world.watching.machine_changed(desktop.machine_id)
    with pytest.raises(Gone):
        await world.ticketing.take(told)
    for _ in range(4):
        world.clock.advance(timedelta(seconds=5))
        await world.ground.work()
    with pytest.raises(Gone):  # the next generation is another desktop
        await world.ticketing.take(other)
    last = await ticket(world, meeting)
    await world.scheduling.end(meeting.meeting_id, CALLER)
    with pytest.raises(Gone):
        await world.ticketing.take(last)


async def test_a_student_never_comes_to_the_teachers_desktop(world: World):
    meeting = await in_progress(world)
    now = await world.get(meeting)
    for right in Right:
        with pytest.raises(Forbidden):
            await world.ticketing.issue(now, STUDENT, TEACHER, right)
    with pytest.raises(Forbidden):
        await world.ticketing.issue(now, TEACHER, STUDENT, Right.CONTROL)
    told = await world.ticketing.issue(now, TEACHER, STUDENT, Right.WATCH)
    admitted = await world.ticketing.take(told)
    assert (admitted.desktop.role, admitted.right) == (STUDENT, Right.WATCH)


async def test_new_links_end_the_tickets_of_the_earlier_ones(world: World):
    meeting = await world.get(await in_progress(world))
    by_link = await world.ticketing.issue(meeting, STUDENT, STUDENT, Right.CONTROL)
    account_id = new_id()
    by_account = await world.ticketing.issue(
        meeting, STUDENT, STUDENT, Right.CONTROL, account_id=account_id
    )
    forged = await world.ticketing.issue(meeting, STUDENT, STUDENT, Right.CONTROL)
    await world.scheduling.renew_links(meeting.meeting_id, CALLER)
    with pytest.raises(Gone):
        await world.ticketing.take(by_link)
    with pytest.raises(Gone):
        await world.ticketing.take(f"{forged.partition('.')[0]}.2")
    assert (await world.ticketing.take(by_account)).account_id == account_id


async def test_no_ticket_is_given_for_a_desktop_that_is_not_ready(world: World):
    meeting = await world.schedule(60)
    with pytest.raises(Conflict):
        await world.ticketing.issue(meeting, STUDENT, STUDENT, Right.CONTROL)


# -- whose meeting it is --------------------------------------------------------------------------


async def test_another_teacher_can_neither_move_nor_cancel_nor_end_it(world: World):
    meeting = await in_progress(world)
    stranger = Caller(Principal("Mr Gauss", Role.TEACHER, "account-other"))
    later = to_text(world.clock.now() + timedelta(hours=1))
    scheduling, meeting_id = world.scheduling, meeting.meeting_id
    for doing in (
        scheduling.move(meeting_id, stranger, later),
        scheduling.cancel(meeting_id, stranger),
        scheduling.end(meeting_id, stranger),
        scheduling.extend(meeting_id, stranger, 5),
        scheduling.renew_links(meeting_id, stranger),
        scheduling.retry(meeting_id, stranger, STUDENT),
    ):
        with pytest.raises(NotFound):
            await doing
    assert (await world.get(meeting)).status is Status.IN_PROGRESS


async def test_the_teachers_link_extends_and_ends_and_the_students_does_not(world: World):
    meeting = await in_progress(world)
    with pytest.raises(Forbidden):
        await world.scheduling.extend(meeting.meeting_id, Caller(ANYONE, STUDENT), 5)
    await world.scheduling.extend(meeting.meeting_id, Caller(ANYONE, TEACHER), 5)
    ended = await world.scheduling.end(meeting.meeting_id, Caller(ANYONE, TEACHER))
    assert ended.status is Status.ENDED


async def test_a_version_guards_a_move(world: World):
    meeting = await world.schedule(60)
    later = to_text(world.clock.now() + timedelta(hours=2))
    moved = await world.scheduling.move(meeting.meeting_id, CALLER, later, version=1)
    assert moved.version == 2
    with pytest.raises(Conflict):
        await world.scheduling.move(meeting.meeting_id, CALLER, later, version=1)


async def test_of_a_moving_and_a_joining_one_wins(world: World):
    meeting = await healthy(world)
    later = to_text(world.clock.now() + timedelta(hours=2))
    moved, joined = await asyncio.gather(
        world.scheduling.move(meeting.meeting_id, CALLER, later),
        world.join(meeting, STUDENT),
        return_exceptions=True,
    )
    after = await world.get(meeting)
    if isinstance(joined, Joined):
        assert isinstance(moved, Conflict)
        assert after.status is Status.IN_PROGRESS
    else:
        assert isinstance(moved, Meeting)
        assert after.joined_at is None


async def test_people_see_their_own_meetings_and_staff_sees_all(world: World):
    mine = await world.schedule(60, student_id="account-ada")
    other = await world.schedule(90, student_id="account-bob")
    ada = Principal("Ada", Role.STUDENT, "account-ada")
    staff = Principal("x", Role.STAFF, "account-staff")
    query = MeetingQuery(person_id="account-bob")
    assert (await world.reading.page(query, 10, None, ada)).items == [mine]
    assert (await world.reading.page(query, 10, None, staff)).items == [other]
    assert (await world.reading.page(MeetingQuery(), 10, None, staff)).items == [mine, other]
    with pytest.raises(NotSignedIn):
        await world.reading.page(MeetingQuery(), 10, None, ANYONE)
    assert await world.reading.get(mine.meeting_id, Caller(ada)) == mine
    assert await world.reading.get(mine.meeting_id, Caller(ANYONE, STUDENT)) == mine
    for caller in (Caller(ANYONE), Caller(Principal("Bob", Role.STUDENT, "account-bob"))):
        with pytest.raises(NotFound):
            await world.reading.get(mine.meeting_id, caller)


async def test_attendance_is_for_those_who_manage_the_meeting(world: World):
    meeting = await in_progress(world, student_id="account-ada")
    teacher, student = await world.reading.attendance(meeting.meeting_id, CALLER)
    assert (teacher.no_show, student.no_show) == (False, False)
    ada = Principal("Ada", Role.STUDENT, "account-ada")
    with pytest.raises(Forbidden):
        await world.reading.attendance(meeting.meeting_id, Caller(ada))


async def test_a_closed_account_leaves_no_name_and_its_meetings_to_come_are_off(world: World):
    going = await in_progress(world, student_id="account-ada", teacher_id="account-t")
    coming = await world.schedule(60, student_id="account-ada", teacher_id="account-t")
    taught = await world.schedule(90, teacher_id="account-ada")
    other = await world.schedule(120, student_id="account-bob", teacher_id="account-t")
    closed = Change("account.closed", "account-ada", {}, "Former member", coming.created_at)
    for _ in range(2):
        await world.replay([closed])
        await world.ground.work()
    after = [await world.get(each) for each in (going, coming, taught, other)]
    assert [each.student_name for each in after] == ["Former member"] * 2 + ["Ada", "Ada"]
    assert [each.teacher_name for each in after] == [
        "Ms Byron",
        "Ms Byron",
        "Former member",
        "Ms Byron",
    ]
    assert [each.status for each in after] == [
        Status.IN_PROGRESS,
        Status.CANCELLED,
        Status.CANCELLED,
        Status.SCHEDULED,
    ]
    assert after[1].sequence == 1
