"""A series is scheduled whole or not at all, on every store."""

import asyncio

import msgspec
import pytest

from quadrangle.kernel.errors import Conflict, Forbidden, InvalidInput
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal, Role
from quadrangle.meetings.booking.series_rules import Occurrence, Repeat, SeriesClash
from quadrangle.meetings.model import Status
from quadrangle.meetings.scheduling.scheduling import Caller
from tests.contracts.meetings.booth import ADA, BO, WEEKLY


async def test_a_series_is_scheduled_whole(booth):
    series = await booth.series.schedule(WEEKLY, Repeat(times=4), ADA)
    assert [each.local_time for each in series] == [
        f"2027-{date}T09:00:00" for date in ("03-15", "03-22", "03-29", "04-05")
    ]
    assert [each.meet_time[11:13] for each in series] == ["08", "08", "07", "07"]
    assert len({each.series_id for each in series}) == 1
    assert series[0].series_id is not None
    assert {each.teacher_id for each in series} == {ADA.account_id}
    assert await booth.all() == series
    assert await booth.kinds() == ["meeting.scheduled"] * 4


async def test_a_series_that_clashes_says_where_and_saves_nothing(booth):
    eve = Principal("Eve", Role.TEACHER, new_id())
    other = msgspec.structs.replace(WEEKLY, meet_time="2027-03-29T09:30", teacher_id=eve.account_id)
    await booth.scheduling.schedule(other, eve)
    with pytest.raises(SeriesClash) as refused:
        await booth.series.schedule(WEEKLY, Repeat(until="2027-04-12"), ADA)
    assert refused.value.occurrences == [Occurrence(3, "2027-03-29T09:00:00")]
    assert len(await booth.all()) == 1


async def test_of_two_series_at_once_one_is_scheduled_whole(booths):
    other = msgspec.structs.replace(WEEKLY, meet_time="2027-03-22T09:30", student_id=None)
    results = await asyncio.gather(
        booths[0].series.schedule(WEEKLY, Repeat(times=10), ADA),
        booths[1].series.schedule(other, Repeat(times=10), ADA),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Conflict) for each in results) == 1
    assert len(await booths[0].all()) == 10
    assert len({each.series_id for each in await booths[0].all()}) == 1


async def test_each_meeting_of_a_series_is_moved_and_called_off_by_itself(booth):
    first, second, third = await booth.series.schedule(WEEKLY, Repeat(times=3), ADA)
    await booth.scheduling.move(second.meeting_id, Caller(ADA), "2027-03-23T11:00", "Europe/Berlin")
    await booth.scheduling.cancel(third.meeting_id, Caller(ADA))
    kept, moved, off = [await booth.meetings.get(m.meeting_id) for m in (first, second, third)]
    assert kept == first
    assert (moved.local_time, moved.sequence) == ("2027-03-23T11:00:00", 1)
    assert off.status is Status.CANCELLED
    await booth.series.schedule(
        msgspec.structs.replace(WEEKLY, meet_time="2027-03-22T09:00"), Repeat(times=2), ADA
    )


async def test_who_may_not_schedule_has_no_series(booth):
    with pytest.raises(Forbidden):
        await booth.series.schedule(WEEKLY, Repeat(times=2), BO)
    for wrong in ({"minutes": 10**15}, {"minutes": -1}, {"meet_time": "2029-12-31T09:00"}):
        with pytest.raises(InvalidInput):
            await booth.series.schedule(
                msgspec.structs.replace(WEEKLY, **wrong), Repeat(times=2), ADA
            )
    assert await booth.all() == []
