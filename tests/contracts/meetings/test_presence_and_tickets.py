"""What stores beside the meetings keep: connections, tickets, launch times, the reaper's marks."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from quadrangle.kernel.clock import ManualClock, to_text
from quadrangle.meetings.model import MeetingRole, Right, Workspace
from quadrangle.meetings.oversight.model import Reaped
from quadrangle.meetings.ports import (
    LaunchTimes,
    PresenceStore,
    ReapLog,
    ReapMarks,
    Ticket,
    Tickets,
)
from quadrangle.meetings.presence.model import Connection
from tests.meeting_stores import MeetingStores


@pytest.fixture
def presence(stores: MeetingStores) -> PresenceStore:
    return stores.presence


@pytest.fixture
def tickets(stores: MeetingStores) -> Tickets:
    return stores.tickets


@pytest.fixture
def launch_times(stores: MeetingStores) -> LaunchTimes:
    return stores.launch_times


@pytest.fixture
def marks(stores: MeetingStores) -> ReapMarks:
    return stores.marks


@pytest.fixture
def reap_log(stores: MeetingStores) -> ReapLog:
    return stores.reap_log


def at(seconds: int) -> str:
    return f"2026-11-21T09:30:{seconds:02}.000Z"


HERE = Connection("c1", "meeting-1", MeetingRole.STUDENT, "desktop", at(0), at(0))


async def test_connections_are_found_by_their_meeting_in_order(presence: PresenceStore):
    second = Connection("c0", "meeting-1", MeetingRole.TEACHER, "room", at(5), at(5), at(9))
    elsewhere = Connection("c2", "meeting-2", MeetingRole.TEACHER, "room", at(1), at(1))
    for each in (second, elsewhere, HERE):
        await presence.put(each)
    assert await presence.of_meeting("meeting-1") == [HERE, second]
    assert await presence.of_meeting("meeting-3") == []


async def test_what_is_newly_known_of_a_connection_is_kept(presence: PresenceStore):
    await presence.put(HERE)
    await presence.put(msgspec.structs.replace(HERE, seen_at=at(30)))
    await presence.put(msgspec.structs.replace(HERE, seen_at=at(40), ended_at=at(40)))
    (ended,) = await presence.of_meeting("meeting-1")
    assert (ended.begun_at, ended.seen_at, ended.ended_at) == (at(0), at(40), at(40))


async def test_what_comes_late_undoes_nothing(presence: PresenceStore):
    await presence.put(msgspec.structs.replace(HERE, seen_at=at(40), ended_at=at(40)))
    await presence.put(msgspec.structs.replace(HERE, seen_at=at(30)))
    await presence.put(msgspec.structs.replace(HERE, seen_at=at(50), ended_at=at(50)))
    (ended,) = await presence.of_meeting("meeting-1")
    assert (ended.seen_at, ended.ended_at) == (at(50), at(40))


def ticket(clock: ManualClock, seconds: int = 60) -> Ticket:
    until = to_text(clock.now() + timedelta(seconds=seconds))
    teacher, student = MeetingRole.TEACHER, MeetingRole.STUDENT
    return Ticket("meeting-1", teacher, student, 3, Right.WATCH, until)


async def test_a_ticket_is_taken_once(tickets: Tickets, clock: ManualClock):
    given = ticket(clock)
    await tickets.add("hash-1", given, clock.now())
    assert await tickets.take("hash-2") is None
    assert await tickets.take("hash-1") == given
    assert await tickets.take("hash-1") is None


async def test_of_many_who_use_a_ticket_at_once_one_gets_in(tickets: Tickets, clock: ManualClock):
    await tickets.add("hash-1", ticket(clock), clock.now())
    taken = await asyncio.gather(*(tickets.take("hash-1") for _ in range(20)))
    assert len([each for each in taken if each is not None]) == 1


async def test_expired_tickets_are_forgotten(tickets: Tickets, clock: ManualClock):
    await tickets.add("hash-1", ticket(clock), clock.now())
    clock.advance(timedelta(seconds=60))
    await tickets.add("hash-2", ticket(clock), clock.now())
    assert await tickets.take("hash-1") is None
    assert await tickets.take("hash-2") is not None


async def test_the_last_fifty_launches_of_each_kind_are_remembered(launch_times: LaunchTimes):
    assert await launch_times.recent(Workspace.DESKTOP) == []
    await launch_times.add("other", Workspace.TERMINAL, 0.5)
    for number in range(60):
        await launch_times.add(f"launch-{number}", Workspace.DESKTOP, float(number))
    recent = await launch_times.recent(Workspace.DESKTOP)
    assert sorted(recent) == [float(number) for number in range(10, 60)]
    assert await launch_times.recent(Workspace.TERMINAL) == [0.5]


async def test_of_one_launch_the_first_time_counts(launch_times: LaunchTimes):
    for seconds in (3.25, 9.0):
        await launch_times.add("launch-1", Workspace.DESKTOP, seconds)
    assert await launch_times.recent(Workspace.DESKTOP) == [3.25]


async def test_the_reapers_marks_are_those_of_its_last_pass(marks: ReapMarks):
    assert await marks.load() == {}
    await marks.replace({"i-1": at(1), "i-2": at(2)})
    assert await marks.load() == {"i-1": at(1), "i-2": at(2)}
    await marks.replace({"i-2": at(2), "i-3": at(3)})
    assert await marks.load() == {"i-2": at(2), "i-3": at(3)}
    await marks.replace({})
    assert await marks.load() == {}


async def test_of_the_machines_that_were_reaped_the_last_are_told(reap_log: ReapLog):
    assert await reap_log.recent(2) == []
    reaped = [Reaped(f"i-{n}", "meeting-1", MeetingRole.STUDENT, at(n)) for n in range(3)]
    for each in reaped:
        await reap_log.add(each)
    assert await reap_log.recent(2) == [reaped[2], reaped[1]]
