"""The contract of meetings.sheets.SheetStore, for every kind of sheet on every store."""

import pytest

from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict
from quadrangle.meetings.handouts.model import Handout, Handouts, Placed
from quadrangle.meetings.materials.sheets import SheetStore
from quadrangle.meetings.model import MeetingRole
from quadrangle.meetings.outcome.model import Note
from quadrangle.meetings.recording.model import Agreement, Recording, Recordings, RecordingState
from quadrangle.meetings.take_home.model import Bundle, TakeHome, TakeHomeState, Unread
from tests.meeting_stores import MeetingStores

TEACHER, STUDENT = MeetingRole.TEACHER, MeetingRole.STUDENT
AT, LATER = "2026-11-21T09:30:00.000Z", "2026-11-28T09:30:00.000Z"
CHANGE = Change("meeting.files-ready", "m1", {"size": 3}, "System", AT)

PLACED = (Placed(TEACHER, "d-1"), Placed(STUDENT, "d-2", "The desktop has no room."))
FILMED = Recording(
    "r1",
    STUDENT,
    asked_by=TEACHER,
    asked_at=AT,
    state=RecordingState.READY,
    agreed=(Agreement(TEACHER, AT), Agreement(STUDENT, AT)),
    machine_id="d-2",
    begun_at=AT,
    ended_at=LATER,
    ended_by=STUDENT,
    size=7,
)
FULL = {
    "handouts": Handouts("m1", 1, None, (Handout("f1", "Äther 1.pdf", 9, AT, PLACED),)),
    "take_home": TakeHome(
        "m1",
        1,
        LATER,
        TakeHomeState.READY,
        (Bundle(2, "a/b.zip", 3, MeetingRole.TEACHER),),
        (MeetingRole.STUDENT,),
        (Unread("m", MeetingRole.STUDENT, 1, "It cannot be read."),),
        AT,
        LATER,
    ),
    "recordings": Recordings("m1", 1, AT, (FILMED,)),
    "notes": Note("m1", 1, None, "Well done.", True, AT),
}


@pytest.fixture(params=sorted(FULL))
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def store(stores: MeetingStores, kind: str) -> SheetStore:
    return getattr(stores.sheets, kind)


async def test_what_was_never_written_is_version_0(store: SheetStore, kind: str):
    assert await store.get("m1") == type(FULL[kind])("m1")


async def test_what_was_written_is_read_with_its_changes(
    store: SheetStore, kind: str, stores: MeetingStores
):
    await store.save(FULL[kind], [CHANGE])
    assert await store.get("m1") == FULL[kind]
    assert (await store.get("m2")).version == 0
    assert [change.kind for change in await stores.changes()] == [CHANGE.kind]


async def test_kinds_do_not_meet(store: SheetStore, kind: str, stores: MeetingStores):
    await store.save(FULL[kind], [])
    for other in set(FULL) - {kind}:
        assert (await getattr(stores.sheets, other).get("m1")).version == 0


async def test_only_the_next_version_is_written(
    store: SheetStore, kind: str, stores: MeetingStores
):
    shape = type(FULL[kind])
    await store.save(FULL[kind], [])
    second = shape("m1", 2)
    await store.save(second, [CHANGE])
    for late in (FULL[kind], second, shape("m1", 4), shape("m9", 2)):
        with pytest.raises(Conflict):
            await store.save(late, [CHANGE])
    assert await store.get("m1") == second
    assert len(await stores.changes()) == 1


async def test_what_is_due_is_found_longest_due_first(store: SheetStore, kind: str):
    shape = type(FULL[kind])
    for meeting_id, look_at in (("m1", LATER), ("m2", AT), ("m3", None), ("m4", AT)):
        await store.save(shape(meeting_id, 1, look_at), [])
    assert await store.due("2026-11-21T09:29:59.999Z", 10) == []
    assert await store.due(AT, 10) == ["m2", "m4"]
    assert await store.due(LATER, 10) == ["m2", "m4", "m1"]
    assert await store.due(LATER, 1) == ["m2"]
    await store.save(shape("m2", 2, None), [])
    assert await store.due(LATER, 10) == ["m4", "m1"]
