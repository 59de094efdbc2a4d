"""What every store of free hours keeps."""

import asyncio

import msgspec
import pytest
from sqlalchemy import update

from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict, InvalidInput
from quadrangle.kernel.ids import new_id
from quadrangle.meetings.booking.model import (
    BookingRules,
    DaysOff,
    ExtraPeriod,
    Hours,
    WeeklyPeriod,
)
from quadrangle.meetings.booking.ports import HoursStore
from quadrangle.meetings.model import Workspace
from quadrangle.sql.meetings.booking_tables import teaching_hours
from tests.meeting_stores import DynamoMeetings, MeetingStores

HOURS = Hours(
    teacher_id=new_id(),
    teacher_name="Ada Lovelace",
    time_zone="Europe/Berlin",
    minutes=45,
    weekly=(WeeklyPeriod(0, "09:00", "12:00"), WeeklyPeriod(6, "22:00", "24:00")),
    extra=(ExtraPeriod("2027-03-28", "14:00", "15:00"),),
    days_off=(DaysOff("2027-07-01", "2027-08-31"),),
    rules=BookingRules(weekly_limit=2, workspaces=(Workspace.TERMINAL, Workspace.DESKTOP)),
    updated_at="2027-01-01T00:00:00.000Z",
)


def hours(**fields) -> Hours:
    return msgspec.structs.replace(HOURS, **fields)


def told(of: Hours) -> list[Change]:
    return [Change("hours.published", of.teacher_id, {"version": of.version}, "Ada", of.updated_at)]


@pytest.fixture
def store(stores: MeetingStores) -> HoursStore:
    return stores.hours


async def versions_told(stores: MeetingStores) -> list[int]:
    return [change.data["version"] for change in await stores.changes()]


async def test_hours_are_kept_with_their_change(store, stores):
    assert await store.get(HOURS.teacher_id) is None
    await store.save(HOURS, told(HOURS))
    assert await store.get(HOURS.teacher_id) == HOURS
    second = hours(version=2, published=False, weekly=())
    await store.save(second, told(second))
    assert await store.get(HOURS.teacher_id) == second
    assert await versions_told(stores) == [1, 2]


async def test_of_two_who_save_the_same_version_one_is_told(store, stores):
    await store.save(HOURS, told(HOURS))
    seconds = [hours(version=2, minutes=30 + n) for n in range(4)]
    saves = (store.save(each, told(each)) for each in seconds)
    results = await asyncio.gather(*saves, return_exceptions=True)
    assert sum(isinstance(each, Conflict) for each in results) == 3
    assert await versions_told(stores) == [1, 2]
    for wrong in (1, 2, 4):
        with pytest.raises(Conflict):
            await store.save(hours(version=wrong), [])


async def test_new_hours_begin_with_version_one(store):
    with pytest.raises(Conflict):
        await store.save(hours(version=2), [])
    assert await store.get(HOURS.teacher_id) is None


async def test_teachers_are_listed_by_name_with_what_is_published(store):
    names = ["Émile", "bo", "Ada", "Zoë", "ada"]
    ids = sorted(new_id() for _ in names)
    for teacher_id, name in zip(ids, names, strict=True):
        await store.save(hours(teacher_id=teacher_id, teacher_name=name), [])
    await store.save(hours(teacher_id=new_id(), teacher_name="Aaron", published=False), [])
    found, cursor = [], None
    while True:
        page = await store.page(2, cursor)
        found += [each.teacher_name for each in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == ["Ada", "ada", "bo", "Émile", "Zoë"]


@pytest.mark.parametrize("cursor", ["?", "bnVsbA", "WzFd", "WyJhIl0"])
async def test_a_cursor_that_is_not_ours(store, cursor):
    with pytest.raises(InvalidInput):
        await store.page(2, cursor)


async def test_hours_are_forgotten(store):
    other = hours(teacher_id=new_id())
    await store.save(HOURS, [])
    await store.save(other, [])
    for _ in range(2):  # twice is once
        await store.forget(HOURS.teacher_id)
    assert await store.get(HOURS.teacher_id) is None
    assert await store.get(other.teacher_id) == other


async def test_hours_of_before_a_rule_was_thought_of_are_read(store, stores):
    """Fields that a record lacks have their defaults."""
    if isinstance(stores, DynamoMeetings):
        pytest.skip("what is kept on AWS is the same text")
    await store.save(HOURS, [])
    body = msgspec.to_builtins(HOURS)
    body["rules"] = {"buffer": 5}
    del body["published"]
    old = update(teaching_hours).values(body=msgspec.json.encode(body).decode())
    await stores.database.write(lambda c: c.execute(old))
    assert await store.get(HOURS.teacher_id) == hours(rules=BookingRules(buffer=5))
