"""Times as people mean them, across changes of the clock."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.kernel.errors import InvalidInput
from quadrangle.meetings.scheduling import time_rules as times

ZONES = sorted(files("tzdata").joinpath("zones").read_text().split())
walls = st.datetimes(datetime(2026, 1, 1), datetime(2035, 12, 31)).map(
    lambda wall: wall.replace(microsecond=0)
)


def fault_of(meet_time: str, time_zone: str | None = None) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as caught:
        times.resolve(meet_time, time_zone)
    (fault,) = caught.value.errors
    return fault.field, fault.message


@pytest.mark.parametrize(
    ("meet_time", "zone"),
    [
        ("2027-03-28T02:30", "Europe/Berlin"),
        ("2027-03-28 02:00:00", "Europe/Berlin"),
        ("2027-10-03T02:15", "Australia/Lord_Howe"),  # a gap of half an hour
        ("2027-03-14T02:59:59", "America/New_York"),
        ("2011-12-30T12:00", "Pacific/Apia"),  # a day that never was
    ],
)
def test_a_time_that_the_clocks_skip_is_refused_as_skipped(meet_time: str, zone: str):
    field, message = fault_of(meet_time, zone)
    assert field == "meet_time"
    assert "skipped" in message
    assert zone in message


def test_what_was_probably_meant_is_offered():
    assert fault_of("2027-03-28T02:30", "Europe/Berlin")[1].endswith(
        "Did you mean 2027-03-28 03:30?"
    )
    assert fault_of("2027-10-03T02:15", "Australia/Lord_Howe")[1].endswith(
        "Did you mean 2027-10-03 02:45?"
    )


@pytest.mark.parametrize(
    ("meet_time", "zone", "offsets"),
    [
        ("2027-10-31T02:30", "Europe/Berlin", ("+02:00", "+01:00")),
        ("2027-04-04T01:45", "Australia/Lord_Howe", ("+11:00", "+10:30")),
        ("2027-11-07T01:00", "America/New_York", ("-04:00", "-05:00")),
    ],
)
def test_a_time_that_happens_twice_asks_for_an_offset(meet_time, zone, offsets):
    field, message = fault_of(meet_time, zone)
    assert field == "meet_time"
    for offset in offsets:
        assert offset in message
        found = times.resolve(meet_time + offset, zone)
        assert (found.local_time, found.time_zone) == (meet_time + ":00", zone)


def test_the_hours_around_a_change_are_their_instants():
    def at(wall: str) -> datetime:
        return times.resolve(wall, "Europe/Berlin").at

    assert at("2027-03-28T01:59:59") == datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC)
    assert at("2027-03-28T03:00") == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert at("2027-10-31T03:00") - at("2027-10-31T01:59:59") == timedelta(hours=2, seconds=1)


def test_an_offset_decides_and_the_zone_is_kept_for_people():
    found = times.resolve("2027-06-01T12:00:00.250Z", "Asia/Kathmandu")
    assert found.at == datetime(2027, 6, 1, 12, 0, 0, 250_000, tzinfo=UTC)
    assert found.local_time == "2027-06-01T17:45:00.250"
    found = times.resolve(" 2027-06-01t12:00+02:00 ", None)
    assert (found.at.hour, found.local_time, found.time_zone) == (10, "2027-06-01T10:00:00", "UTC")


def test_without_offset_or_zone_a_time_says_nothing():
    for zone in (None, ""):
        field, message = fault_of("2027-06-01T12:00", zone)
        assert field == "meet_time"
        assert "offset" in message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "2027-06-01",
        "2027-13-01T12:00Z",
        "2027-02-30T12:00Z",
        "2027-06-01T25:00Z",
        "2027-06-01T12:00:60Z",
        "2027-06-01x12:00Z",
        "0001-01-01T00:00+14:00",
        "9999-12-31T23:59-12:00",
        "٢٠٢٧-06-01T12:00Z",
        "2027-06-01T12:00Z" + " " * 3 + "\x00",
        "2027-06-01T12:00Z; DROP TABLE meetings",
        "1" * 10_000,
    ],
)
def test_what_is_no_time_is_refused(text: str):
    assert fault_of(text, "Europe/Berlin")[0] == "meet_time"


def test_the_ends_of_the_calendar_are_refused():
    assert fault_of("0001-01-01T00:00", "Asia/Tokyo")[0] == "meet_time"
    assert fault_of("9999-12-31T23:59", "America/New_York")[0] == "meet_time"


@pytest.mark.parametrize(
    "zone",
    ["Mars/Olympus", "europe/berlin", "../../etc/passwd", "America", "right/Europe/Berlin", "\x00"],
)
def test_what_is_no_zone_is_refused(zone: str):
    assert fault_of("2027-06-01T12:00", zone)[0] == "time_zone"


@given(walls, st.sampled_from(ZONES))
def test_a_wall_time_is_refused_or_is_what_the_clocks_show_then(wall: datetime, zone: str):
    instants = times.instants_of(wall, ZoneInfo(zone))
    try:
        found = times.resolve(wall.isoformat(), zone)
    except InvalidInput:
        assert len(instants) != 1
        return
    assert instants == [found.at]
    assert found.local_time == wall.isoformat() == times.wall_text(found.at, ZoneInfo(zone))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2035, 12, 31)), st.sampled_from(ZONES))
def test_every_instant_is_among_those_of_its_wall_time(naive: datetime, zone: str):
    instant = naive.replace(tzinfo=UTC, microsecond=0)
    wall = datetime.fromisoformat(times.wall_text(instant, ZoneInfo(zone)))
    assert instant in times.instants_of(wall, ZoneInfo(zone))


@given(st.text(max_size=60), st.none() | st.text(max_size=40))
def test_any_text_is_a_time_or_refused(text: str, zone: str | None):
    try:
        times.resolve(text, zone)
    except InvalidInput as error:
        assert error.errors
