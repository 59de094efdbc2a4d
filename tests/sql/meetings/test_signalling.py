"""The video room as pages use it: come in, call, answer, chat, reload, leave."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Conflict, Gone, TooManyRequests
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.room import rules
from quadrangle.meetings.room.ice import IceSettings
from quadrangle.meetings.room.model import IceServer, Kind
from quadrangle.meetings.room.signalling import Room
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.migrate import migrate
from quadrangle.sql.meetings.room import SqlRoomStore

TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT
AT = "2026-11-21T09:30:00.000Z"
MEETING = Meeting("m1", "Ada", "Bo", AT, "2026-11-21T10:30", "Europe/Berlin", AT, AT, "", "")


@pytest.fixture
async def room(tmp_path, clock: ManualClock) -> AsyncIterator[Room]:
    database = Database(f"sqlite:///{tmp_path / 'q.db'}")
    await migrate(database)
    yield Room(SqlRoomStore(database), clock, IceSettings(stun=("stun:s.example",)))
    await database.close()


async def test_two_pages_find_each_other_and_call(room: Room, clock: ManualClock):
    ada = await room.enter(MEETING, TEACHER)
    assert ada.ice_servers == [IceServer(("stun:s.example",))]
    alone = await room.news(MEETING, TEACHER, ada.participant_id, 0)
    assert [participant.role for participant in alone.participants] == [TEACHER]
    bo = await room.enter(MEETING, STUDENT)
    assert (ada.polite, bo.polite) == (False, True)
    there = (await room.news(MEETING, TEACHER, ada.participant_id, 0)).participants
    assert {p.participant_id for p in there} == {ada.participant_id, bo.participant_id}

    await room.send(MEETING, TEACHER, ada.participant_id, Kind.OFFER, "{}", bo.participant_id)
    await room.send(MEETING, TEACHER, ada.participant_id, Kind.CHAT, "Hello Bo")
    offer, chat = (await room.news(MEETING, STUDENT, bo.participant_id, 0)).messages
    assert (offer.kind, offer.sender, chat.data) == (Kind.OFFER, ada.participant_id, "Hello Bo")
    assert (await room.news(MEETING, STUDENT, bo.participant_id, chat.place)).messages == []
    own = (await room.news(MEETING, TEACHER, ada.participant_id, 0)).messages
    assert [message.kind for message in own] == [Kind.CHAT]


async def test_a_reload_takes_the_old_pages_place_and_finds_chats(room: Room, clock: ManualClock):
    old = await room.enter(MEETING, STUDENT)
    await room.send(MEETING, STUDENT, old.participant_id, Kind.CHAT, "Before")
    clock.advance(timedelta(seconds=1))
    new = await room.enter(MEETING, STUDENT)
    with pytest.raises(Gone, match="another window"):
        await room.news(MEETING, STUDENT, old.participant_id, 0)
    with pytest.raises(Gone):
        await room.send(MEETING, STUDENT, old.participant_id, Kind.CHAT, "Still me")
    news = await room.news(MEETING, STUDENT, new.participant_id, 0)
    assert [message.data for message in news.messages] == ["Before"]
    assert [p.participant_id for p in news.participants] == [new.participant_id]


async def test_who_leaves_or_is_not_heard_of_is_not_there(room: Room, clock: ManualClock):
    ada, bo = await room.enter(MEETING, TEACHER), await room.enter(MEETING, STUDENT)
    clock.advance(timedelta(seconds=20))
    await room.news(MEETING, TEACHER, ada.participant_id, 0)
    clock.advance(timedelta(seconds=20))
    there = (await room.news(MEETING, TEACHER, ada.participant_id, 0)).participants
    assert [p.role for p in there] == [TEACHER]
    with pytest.raises(Conflict):
        await room.send(MEETING, TEACHER, ada.participant_id, Kind.OFFER, "", bo.participant_id)
    await room.news(MEETING, STUDENT, bo.participant_id, 0)  # it was only slow
    await room.send(MEETING, STUDENT, bo.participant_id, Kind.BYE, "")
    with pytest.raises(Gone):
        await room.news(MEETING, STUDENT, bo.participant_id, 0)


async def test_a_page_cannot_read_or_write_as_the_other_side(room: Room):
    ada = await room.enter(MEETING, TEACHER)
    await room.enter(MEETING, STUDENT)
    with pytest.raises(Gone):
        await room.news(MEETING, STUDENT, ada.participant_id, 0)
    with pytest.raises(Gone):
        await room.send(MEETING, STUDENT, ada.participant_id, Kind.CHAT, "as Ada")


async def test_a_mailbox_that_nobody_empties_is_full_some_time_and_outlived(
    room: Room, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rules, "MAX_WAITING", 3)
    ada, bo = await room.enter(MEETING, TEACHER), await room.enter(MEETING, STUDENT)

    async def call() -> None:
        await room.send(
            MEETING, TEACHER, ada.participant_id, Kind.CANDIDATE, "{}", bo.participant_id
        )

    for _ in range(3):
        await call()
    with pytest.raises(TooManyRequests):
        await call()
    for _ in range(5):
        clock.advance(timedelta(seconds=30))
        await room.news(MEETING, STUDENT, bo.participant_id, 0)
        await room.news(MEETING, TEACHER, ada.participant_id, 0)
    await call()
