"""Weekly series keep their time on the clocks, through every change of the clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quadrangle.kernel.errors import InvalidInput
from quadrangle.meetings.booking.model import Busy
from quadrangle.meetings.booking.series_rules import (
    Occurrence,
    Repeat,
    SeriesClash,
    clashes,
    occurrences,
)
from quadrangle.meetings.scheduling.time_rules import MeetTime, instants_of, resolve
from tests.properties import examples

WEEK = timedelta(days=7)


def held(start: str, zone: str, **repeat) -> list[MeetTime]:
    return occurrences(resolve(start, zone), Repeat(**repeat))


def offsets(series: list[MeetTime]) -> list[str]:
    return [
        each.at.astimezone(ZoneInfo(each.time_zone)).isoformat(timespec="minutes")
        for each in series
    ]


def test_a_series_keeps_its_time_over_a_change_of_the_clock():
    assert offsets(held("2027-03-15T09:30", "Europe/Berlin", times=3)) == [
        "2027-03-15T09:30+01:00",
        "2027-03-22T09:30+01:00",
        "2027-03-29T09:30+02:00",
    ]


def test_a_series_goes_on_until_a_date_and_includes_it():
    dates = [each.local_time[:10] for each in held("2027-03-01T09:30", "UTC", until="2027-03-22")]
    assert dates == ["2027-03-01", "2027-03-08", "2027-03-15", "2027-03-22"]
    assert len(held("2027-03-01T09:30", "UTC", until="2027-03-21")) == 3
    assert len(held("2027-03-01T09:30", "UTC", until="2027-03-01")) == 1
    assert len(held("2027-03-01T09:30", "UTC", until="2027-09-20")) == 30


def test_the_date_is_the_one_on_the_clocks_of_the_series():
    late = held("2027-03-01T23:30", "America/New_York", until="2027-03-08")
    assert [each.at.date() for each in late] == [date(2027, 3, 2), date(2027, 3, 9)]


@pytest.mark.parametrize(
    ("repeat", "field"),
    [
        ({}, "repeat"),
        ({"times": 3, "until": "2027-03-22"}, "repeat"),
        ({"times": 0}, "repeat.times"),
        ({"times": 31}, "repeat.times"),
        ({"times": -(10**12)}, "repeat.times"),
        ({"until": "2027-02-28"}, "repeat.until"),
        ({"until": "2027-09-27"}, "repeat.until"),
        ({"until": "9999-12-31"}, "repeat.until"),
        ({"until": "2027-W13-1"}, "repeat.until"),
        ({"until": "20270322"}, "repeat.until"),
        ({"until": "x" * 1000}, "repeat.until"),
    ],
)
def test_what_is_no_repeat(repeat, field):
    with pytest.raises(InvalidInput) as refused:
        held("2027-03-01T09:30", "UTC", **repeat)
    assert [error.field for error in refused.value.errors] == [field]


def test_a_time_that_is_skipped_on_some_date_is_refused_with_it():
    with pytest.raises(InvalidInput, match="02:15 is skipped on 2027-10-03 in Australia/Lord_Howe"):
        held("2027-09-12T02:15", "Australia/Lord_Howe", times=5)
    with pytest.raises(InvalidInput, match="02:30 is skipped on 2027-03-28"):
        held("2027-03-14T02:30", "Europe/Berlin", times=3)


def test_a_time_that_happens_twice_is_held_the_first_time():
    assert offsets(held("2027-10-24T02:30", "Europe/Berlin", times=3)) == [
        "2027-10-24T02:30+02:00",
        "2027-10-31T02:30+02:00",
        "2027-11-07T02:30+01:00",
    ]


def test_the_first_is_when_it_was_said_to_be():
    series = held("2027-10-31T02:30+01:00", "Europe/Berlin", times=2)
    assert offsets(series) == ["2027-10-31T02:30+01:00", "2027-11-07T02:30+01:00"]


def test_a_series_at_the_end_of_the_calendar():
    with pytest.raises(InvalidInput, match="too far ahead"):
        held("9999-12-01T09:30", "UTC", times=30)


def test_clashes_are_told_by_number_and_date():
    series = held("2027-03-15T09:30", "Europe/Berlin", times=3)
    busy = [
        Busy("2027-03-15T07:00:00.000Z", "2027-03-15T08:30:00.000Z"),  # until it begins
        Busy("2027-03-22T09:15:00.000Z", "2027-03-22T10:00:00.000Z"),
        Busy("2027-03-29T07:00:00.000Z", "2027-03-29T07:31:00.000Z"),
    ]
    found = clashes(series, 60, busy)
    assert found == [Occurrence(2, "2027-03-22T09:30:00"), Occurrence(3, "2027-03-29T09:30:00")]
    assert str(SeriesClash(found)) == (
        "2 of these meetings clash with another one: 2027-03-22 09:30, 2027-03-29 09:30. "
        "None was scheduled."
    )
    assert clashes(series, 45, busy) == found[1:]


ZONES = st.sampled_from(
    [
        "Europe/Berlin",
        "America/New_York",
        "America/Havana",
        "America/St_Johns",
        "Asia/Kathmandu",
        "Africa/Casablanca",
        "Australia/Lord_Howe",
        "Australia/Sydney",
        "America/Santiago",
        "Pacific/Auckland",
        "Pacific/Chatham",
    ]
)
# Starts over twelve months, so that series of thirty weeks cross every change of every zone.
STARTS = st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 31)).map(
    lambda at: at.replace(second=0, microsecond=0)
) | st.builds(
    # around the hours at which clocks are changed
    lambda day, minutes: datetime(2027, 1, 1) + timedelta(days=day, minutes=minutes),
    st.integers(0, 364),
    st.integers(0, 240),
)


@settings(max_examples=examples(300))
@given(start=STARTS, zone=ZONES, times=st.integers(1, 30))
def test_twelve_months_in_both_hemispheres(start, zone, times):
    place = ZoneInfo(zone)
    assume(instants_of(start, place))
    first = MeetTime(instants_of(start, place)[0], start.isoformat(), zone)
    walls = [start + WEEK * number for number in range(times)]
    if any(not instants_of(wall, place) for wall in walls):
        with pytest.raises(InvalidInput) as refused:
            occurrences(first, Repeat(times=times))
        skipped = [wall for wall in walls if not instants_of(wall, place)]
        assert len(refused.value.errors) == len(skipped)
        return
    series = occurrences(first, Repeat(times=times))
    assert [datetime.fromisoformat(each.local_time) for each in series] == walls
    for each, wall in zip(series, walls, strict=True):
        assert each.at.astimezone(place).replace(tzinfo=None) == wall
        assert each.at.astimezone(place).fold == 0
        assert each.at.tzinfo is UTC
    assert series == occurrences(first, Repeat(until=walls[-1].date().isoformat()))
