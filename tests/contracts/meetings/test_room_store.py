"""The contract of meetings.room.ports.RoomStore, on every store."""

import asyncio
from typing import Any

import msgspec
import pytest

from quadrangle.meetings.model import MeetingRole
from quadrangle.meetings.room.model import Kind, Message, Participant
from quadrangle.meetings.room.ports import RoomStore
from tests.meeting_stores import DynamoMeetings, MeetingStores

TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT


def at(minute: int) -> str:
    return f"2026-11-21T09:{minute:02}:00.000Z"


PERSON = Participant("p1", "m1", TEACHER, at(10), at(10), at(50))
CALL = Message("m1", "p1", TEACHER, "p2", Kind.OFFER, '{"sdp": "Ω"}', at(10), at(12))


def changed(value: Any, **values: Any) -> Any:
    return msgspec.structs.replace(value, **values)


@pytest.fixture
def store(stores: MeetingStores) -> RoomStore:
    return stores.room


async def test_who_came_is_there_until_it_is_over(store: RoomStore):
    other = changed(PERSON, participant_id="p2", role=STUDENT, came_at=at(5))
    await store.put(PERSON)
    await store.put(other)
    await store.put(changed(PERSON, participant_id="p3", meeting_id="m2"))
    assert await store.participants("m1", at(11)) == [other, PERSON]
    assert await store.participants("m1", at(50)) == []


async def test_what_is_known_later_is_kept_and_who_left_stays_away(store: RoomStore):
    await store.put(PERSON)
    await store.put(changed(PERSON, seen_at=at(12), left_at=at(12)))
    await store.put(changed(PERSON, seen_at=at(11)))
    assert await store.participants("m1", at(13)) == [
        changed(PERSON, seen_at=at(12), left_at=at(12))
    ]


async def test_messages_are_read_in_order_by_whom_they_are_for(store: RoomStore):
    to_all = changed(CALL, recipient=None, kind=Kind.CHAT, data="Hello", until=at(50))
    sent = [CALL, to_all, changed(CALL, recipient="p3"), changed(CALL, meeting_id="m2")]
    places = [await store.add(message) for message in sent]
    assert places[:3] == sorted(places[:3])
    first, second = await store.messages("m1", "p2", 0, at(11), 10)
    assert (first, second) == (
        changed(CALL, place=places[0]),
        changed(to_all, place=places[1]),
    )
    assert await store.messages("m1", "p2", first.place, at(11), 10) == [second]
    assert await store.messages("m1", "p2", 0, at(11), 1) == [first]
    assert await store.messages("m1", "p2", 0, at(12), 10) == [second], "the call is over"
    assert await store.count("m1", "p2", at(11)) == 1
    assert await store.count("m1", None, at(11)) == 1
    assert await store.count("m1", "p2", at(12)) == 0


async def test_a_reader_that_goes_on_misses_nothing(store: RoomStore):
    got: list[str] = []
    after = 0

    async def read() -> None:
        nonlocal after
        while len(got) < 60:
            for message in await store.messages("m1", "p2", after, at(11), 100):
                got.append(message.data)
                after = message.place
            await asyncio.sleep(0.005)

    async def send(name: str) -> None:
        for number in range(20):
            await store.add(changed(CALL, data=f"{name}{number}"))

    async with asyncio.timeout(60):
        await asyncio.gather(read(), send("a"), send("b"), send("c"))
    for name in "abc":
        mine = [data for data in got if data.startswith(name)]
        assert mine == [f"{name}{number}" for number in range(20)]


async def test_what_is_over_is_removed_when_somebody_comes(store: RoomStore, stores: MeetingStores):
    if isinstance(stores, DynamoMeetings):
        pytest.skip("DynamoDB removes it by itself, some time after it is over")
    await store.add(CALL)
    await store.put(PERSON)
    await store.put(changed(PERSON, participant_id="p9", came_at=at(55), until=at(59)))

    def rows(connection: Any) -> list[int]:
        tables = ("meeting_room_people", "meeting_room_messages")
        return [
            connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() for table in tables
        ]

    assert await stores.database.read(rows) == [1, 0]


async def test_what_is_past_its_time_is_cleared_away_and_nothing_else(store: RoomStore):
    chat = changed(CALL, recipient=None, kind=Kind.CHAT, until=at(50))
    await store.put(PERSON)
    place = await store.add(chat)
    await store.add(CALL)
    await store.clear_away(at(12))
    assert await store.messages("m1", "p2", 0, at(12), 10) == [changed(chat, place=place)]
    assert await store.participants("m1", at(12)) == [PERSON]
    await store.clear_away(at(50))
    assert await store.messages("m1", "p2", 0, at(50), 10) == []
