"""What comes in as a file to hand out: refused before it is read, bounded while it is."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from quadrangle.kernel.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    TooLarge,
    TooManyRequests,
)
from quadrangle.meetings.handouts.receiving import bounded
from quadrangle.meetings.model import Meeting, MeetingRole
from tests.faults.meetings.around import LIMITS, Around
from tests.faults.meetings.world import World

TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT


class Coming:
    """A file of pieces of ten bytes that comes as long as it is read."""

    def __init__(self) -> None:
        self.read = 0

    async def pieces(self, more: asyncio.Event | None = None) -> AsyncIterator[bytes]:
        while True:
            self.read += 10
            yield b"x" * 10
            if more is not None:
                await more.wait()
                return


@pytest.fixture
def around(world: World, tmp_path: Path) -> Around:
    return Around(world, tmp_path)


@pytest.fixture
async def meeting(around: Around) -> Meeting:
    return await around.world.schedule(60)


async def test_nothing_is_read_of_what_may_not_come(around: Around, meeting: Meeting):
    coming, handing_out = Coming(), around.service.handing_out
    with pytest.raises(Forbidden):
        await handing_out.add(meeting, STUDENT, "a", coming.pieces())
    with pytest.raises(TooLarge):
        await handing_out.add(meeting, TEACHER, "a", coming.pieces(), LIMITS.size + 1)
    for name in ("a", "b", "c"):
        await handing_out.add(meeting, TEACHER, name, Coming().pieces(_at_once()))
    with pytest.raises(Conflict):
        await handing_out.add(meeting, TEACHER, "d", coming.pieces())
    assert coming.read == 0


def _at_once() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


async def test_no_more_is_read_than_a_file_may_have(around: Around, meeting: Meeting):
    coming = Coming()
    with pytest.raises(TooLarge):
        await around.service.handing_out.add(meeting, TEACHER, "a", coming.pieces())
    assert coming.read <= LIMITS.size + 10
    assert (await around.service.handing_out.show(meeting)).files == ()


async def test_few_come_at_once(around: Around, meeting: Meeting):
    more, handing_out = asyncio.Event(), around.service.handing_out
    adding = [
        asyncio.create_task(handing_out.add(meeting, TEACHER, name, Coming().pieces(more)))
        for name in ("a", "b")
    ]
    await asyncio.sleep(0.2)
    with pytest.raises(TooManyRequests):
        await handing_out.add(meeting, TEACHER, "c", Coming().pieces(_at_once()))
    more.set()
    await asyncio.gather(*adding)
    sheet = await handing_out.add(meeting, TEACHER, "c", Coming().pieces(_at_once()))
    assert sorted(each.name for each in sheet.files) == ["a", "b", "c"]


async def test_what_stops_coming_is_given_up():
    pieces = bounded(Coming().pieces(asyncio.Event()), LIMITS, silent_s=0.01)
    assert await anext(pieces) == b"x" * 10
    with pytest.raises(InvalidInput):
        await anext(pieces)
