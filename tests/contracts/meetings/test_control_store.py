"""The contract of meetings.control.ports.ControlStore, on every store."""

import pytest

from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict
from quadrangle.meetings.control.model import Control, Help, Look, Viewer
from quadrangle.meetings.model import MeetingRole
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.sql.meetings.control import SqlControlStore

AT = "2026-11-21T09:30:00.000Z"
CHANGE = Change("meeting.control-changed", "m1", {"what": "ask"}, "Ada", AT)


@pytest.fixture
def store(database: Database) -> SqlControlStore:
    return SqlControlStore(database)


async def test_what_was_never_written_is_version_0(store: SqlControlStore):
    assert await store.get("m1") == Control("m1")


async def test_what_was_written_is_read(store: SqlControlStore, database: Database):
    viewer = Viewer("c1", MeetingRole.TEACHER, AT)
    look = Look(MeetingRole.TEACHER, AT, AT)
    control = Control("m1", Help.ASKED, True, (look,), (viewer,), version=1)
    await store.save(control, [CHANGE])
    assert await store.get("m1") == control
    assert await store.get("m2") == Control("m2")
    told = await database.read(lambda c: feed.of_subject(c, "m1"))
    assert [change.kind for change in told] == [CHANGE.kind]


async def test_only_the_next_version_is_written(store: SqlControlStore, database: Database):
    first = Control("m1", version=1)
    await store.save(first, [])
    second = Control("m1", Help.CALLED, version=2)
    await store.save(second, [CHANGE])
    for late in (first, second, Control("m1", version=4), Control("m9", version=2)):
        with pytest.raises(Conflict):
            await store.save(late, [CHANGE])
    assert await store.get("m1") == second
    assert len(await database.read(lambda c: feed.of_subject(c, "m1"))) == 1
