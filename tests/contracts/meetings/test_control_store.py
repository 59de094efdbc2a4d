"""The contract of meetings.control.ports.ControlStore, on every store."""

import pytest

from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict
from quadrangle.meetings.control.model import Control, Help, Look, Viewer
from quadrangle.meetings.control.ports import ControlStore
from quadrangle.meetings.model import MeetingRole
from tests.meeting_stores import MeetingStores

AT = "2026-11-21T09:30:00.000Z"
CHANGE = Change("meeting.control-changed", "m1", {"what": "ask"}, "Ada", AT)


@pytest.fixture
def store(stores: MeetingStores) -> ControlStore:
    return stores.control


async def test_what_was_never_written_is_version_0(store: ControlStore):
    assert await store.get("m1") == Control("m1")


async def test_what_was_written_is_read(store: ControlStore, stores: MeetingStores):
    viewer = Viewer("c1", MeetingRole.TEACHER, AT)
    look = Look(MeetingRole.TEACHER, AT, AT)
    control = Control("m1", Help.ASKED, True, (look,), (viewer,), version=1)
    await store.save(control, [CHANGE])
    assert await store.get("m1") == control
    assert await store.get("m2") == Control("m2")
    assert [change.kind for change in await stores.changes()] == [CHANGE.kind]


async def test_only_the_next_version_is_written(store: ControlStore, stores: MeetingStores):
    first = Control("m1", version=1)
    await store.save(first, [])
    second = Control("m1", Help.CALLED, version=2)
    await store.save(second, [CHANGE])
    for late in (first, second, Control("m1", version=4), Control("m9", version=2)):
        with pytest.raises(Conflict):
            await store.save(late, [CHANGE])
    assert await store.get("m1") == second
    assert len(await stores.changes()) == 1
