"""What was typed in a meeting can be read for seven days after it, and is gone then."""

from datetime import timedelta
from pathlib import Path

import pytest

from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Gone
from quadrangle.meetings.model import MeetingRole
from quadrangle.meetings.room.ice import IceSettings
from quadrangle.meetings.room.model import Kind
from quadrangle.meetings.room.signalling import Room
from quadrangle.sql.meetings.room import SqlRoomStore
from tests.faults.meetings.around import Around
from tests.faults.meetings.hours import in_progress
from tests.faults.meetings.world import CALLER, World


@pytest.fixture
def around(world: World, tmp_path: Path) -> Around:
    return Around(world, tmp_path)


async def test_the_chat_is_kept_for_seven_days_and_then_removed(around: Around):
    world = around.world
    meeting = await in_progress(world)
    store = SqlRoomStore(world.ground.database)
    room = Room(store, world.clock, IceSettings())
    mine = (await room.enter(meeting, MeetingRole.STUDENT)).participant_id
    for number in range(103):
        await room.send(meeting, MeetingRole.STUDENT, mine, Kind.CHAT, f"line {number}")
    await world.scheduling.end(meeting.meeting_id, CALLER)
    over = await world.get(meeting)
    chat = around.service.chat
    first = await chat.show(over, 0)
    rest = await chat.show(over, first.after or 0)
    assert rest.after is None
    typed = [each.data for each in [*first.messages, *rest.messages]]
    assert typed == [f"line {number}" for number in range(103)]
    world.clock.advance(timedelta(days=7, minutes=-1))
    await around.background.packing.keep_house_once()
    assert len((await chat.show(over, 0)).messages) == 100
    world.clock.advance(timedelta(minutes=2))
    with pytest.raises(Gone, match="seven days"):
        await chat.show(over, 0)
    world.clock.advance(timedelta(hours=5))
    await around.background.packing.keep_house_once()
    long_ago = to_text(world.clock.now() - timedelta(days=30))
    assert await store.messages(meeting.meeting_id, "", 0, long_ago, 10) == []
