"""Which hours are open: the pattern on the teacher's clocks, through every change of the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.errors import InvalidInput
from quadrangle.meetings.booking.model import Busy, DaysOff, ExtraPeriod, Hours, Slot, WeeklyPeriod
from quadrangle.meetings.booking.slot_rules import open_slots, slot_at
from tests.properties import examples
from tests.rules.meetings.hours import FREELY, every_day, hours, utc

NOW = utc(2027, 3, 1)
DAY = timedelta(days=1)


def opened(of: Hours, first: datetime, last: datetime, *busy: Busy, now=NOW, zone="UTC"):
    return open_slots(of, first, last, busy, now, zone)


def times(slots: list[Slot]) -> list[str]:
    return [slot.teacher_time for slot in slots]


def on(day: str, of: Hours, *busy: Busy) -> list[str]:
    """The wall times, with offsets, of the hours open on a date of the teacher's."""
    zone = ZoneInfo(of.time_zone)
    first = datetime.fromisoformat(day).replace(tzinfo=zone).astimezone(UTC)
    found = times(opened(of, first - DAY, first + 2 * DAY, *busy))
    return [each.removeprefix(f"{day}T") for each in found if each.startswith(day)]


# -- pattern and exceptions -------------------------------------------------------------------


def test_a_pattern_gives_hours_on_its_days():
    monday = utc(2027, 3, 1)
    slots = opened(hours(), monday, monday + 7 * DAY)
    assert len(slots) == 15
    assert slots[0] == Slot(
        "2027-03-01T08:00:00.000Z",
        "2027-03-01T09:00:00.000Z",
        "2027-03-01T09:00:00+01:00",
        "2027-03-01T08:00:00+00:00",
    )


def test_each_hour_is_told_on_both_clocks():
    (slot, *_) = opened(hours(), NOW, NOW + DAY, zone="Asia/Kathmandu")
    assert slot.teacher_time == "2027-03-01T09:00:00+01:00"
    assert slot.reader_time == "2027-03-01T13:45:00+05:45"


def test_days_off_have_extra_hours_only():
    of = hours(
        days_off=(DaysOff("2027-03-02", "2027-03-03"),),
        extra=(
            ExtraPeriod("2027-03-03", "18:00", "19:30"),
            ExtraPeriod("2027-03-04", "18:00", "19:00"),
        ),
    )
    assert on("2027-03-02", of) == []
    assert on("2027-03-03", of) == ["18:00:00+01:00"]
    assert on("2027-03-04", of) == [f"{h}:00:00+01:00" for h in ("09", "10", "11", "18")]


def test_the_buffer_lies_between_the_hours():
    of = hours(rules=msgspec.structs.replace(FREELY, buffer=15))
    assert on("2027-03-02", of) == ["09:00:00+01:00", "10:15:00+01:00"]


def test_a_day_may_end_at_midnight():
    of = hours(weekly=every_day("22:30", "24:00"), minutes=45)
    assert on("2027-03-02", of) == ["22:30:00+01:00", "23:15:00+01:00"]


def test_an_hour_is_offered_from_the_notice_to_the_horizon():
    rules = msgspec.structs.replace(FREELY, booking_notice=90, days_ahead=1)
    of = hours(rules=rules, weekly=every_day("00:00", "24:00"), zone="UTC")
    slots = opened(of, NOW - 9 * DAY, NOW + 9 * DAY, now=NOW + timedelta(minutes=30))
    assert slots[0].starts_at == "2027-03-01T02:00:00.000Z"
    assert slots[-1].starts_at == "2027-03-02T00:00:00.000Z"


def test_withdrawn_hours_are_not_offered():
    assert opened(hours(published=False), NOW, NOW + 7 * DAY) == []


def test_what_is_taken_is_not_offered():
    busy = Busy("2027-03-02T09:30:00.000Z", "2027-03-02T10:00:00.000Z")
    assert on("2027-03-02", hours(), busy) == ["09:00:00+01:00", "11:00:00+01:00"]


def test_a_zone_that_is_none():
    with pytest.raises(InvalidInput):
        opened(hours(), NOW, NOW + 7 * DAY, zone="Mars/Olympus")


# -- changes of the clock ---------------------------------------------------------------------

NIGHT = {"weekly": every_day("00:00", "05:00"), "minutes": 30}


def test_an_hour_that_is_skipped_is_not_offered():
    found = on("2027-03-28", hours(**NIGHT))
    assert found == [
        *(f"{t}:00+01:00" for t in ("00:00", "00:30", "01:00", "01:30")),
        *(f"{t}:00+02:00" for t in ("03:00", "03:30", "04:00", "04:30")),
    ]


def test_an_hour_that_happens_twice_is_offered_the_first_time():
    now = utc(2027, 10, 1)
    found = times(opened(hours(**NIGHT), now, now + 40 * DAY, now=now))
    assert [each[11:] for each in found if each.startswith("2027-10-31")] == [
        *(f"{t}:00+02:00" for t in ("00:00", "00:30", "01:00", "01:30", "02:00", "02:30")),
        *(f"{t}:00+01:00" for t in ("03:00", "03:30", "04:00", "04:30")),
    ]


def test_a_gap_of_half_an_hour():
    of = hours("Australia/Lord_Howe", **NIGHT)
    now = utc(2027, 9, 1)
    found = times(opened(of, now, now + 60 * DAY, now=now))
    night = [each[11:16] for each in found if each.startswith("2027-10-03")]
    assert night == [
        "00:00",
        "00:30",
        "01:00",
        "01:30",
        "02:30",
        "03:00",
        "03:30",
        "04:00",
        "04:30",
    ]


def test_an_hour_over_a_gap_lasts_its_minutes_and_nothing_begins_in_it():
    of = hours(weekly=every_day("01:15", "04:30"), minutes=45)
    slots = opened(of, utc(2027, 3, 27, 12), utc(2027, 3, 28, 12))
    # 01:15 to 03:00 on the clocks; 02:00 is skipped; 02:45 is skipped
    assert times(slots) == ["2027-03-28T01:15:00+01:00", "2027-03-28T03:30:00+02:00"]


def test_an_hour_that_a_gap_carries_past_the_end_is_not_offered():
    of = hours(weekly=every_day("01:30", "02:45"), minutes=45)
    assert on("2027-03-27", of) == ["01:30:00+01:00"]
    assert on("2027-03-28", of) == []


def test_no_hours_on_a_date_that_is_skipped():
    """Samoa went to bed on Thursday and got up on Saturday."""
    of = hours("Pacific/Apia", weekly=every_day("09:00", "10:00"))
    now = utc(2011, 12, 28)
    found = times(opened(of, now, now + 5 * DAY, now=now))
    assert [each[:10] for each in found][:4] == [
        "2011-12-28",
        "2011-12-29",
        "2011-12-31",
        "2012-01-01",
    ]


# -- whatever the pattern ---------------------------------------------------------------------

ZONES = st.sampled_from(
    [
        "Europe/Berlin",
        "Australia/Lord_Howe",
        "Australia/Sydney",
        "Asia/Kathmandu",
        "America/St_Johns",
        "America/Santiago",
        "Pacific/Auckland",
        "Pacific/Chatham",
        "Africa/Casablanca",
        "America/Havana",  # changes at midnight
        "UTC",
    ]
)


@st.composite
def patterns(draw) -> Hours:
    weekly = []
    for day in draw(st.sets(st.integers(0, 6), min_size=1)):
        begins = draw(st.integers(0, 95)) * 15
        ends = draw(st.integers(begins // 15 + 1, 96)) * 15
        weekly.append(WeeklyPeriod(day, clock(begins), clock(ends)))
    rules = msgspec.structs.replace(FREELY, buffer=draw(st.sampled_from([0, 5, 15, 30])))
    minutes = draw(st.sampled_from([15, 20, 30, 45, 60, 90]))
    return hours(draw(ZONES), weekly=tuple(weekly), minutes=minutes, rules=rules)


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


STARTS = st.integers(0, 364).map(lambda n: utc(2027, 1, 1) + timedelta(days=n))


@settings(max_examples=examples(150))
@given(of=patterns(), first=STARTS)
def test_hours_follow_the_clocks_and_one_another(of, first):
    zone = ZoneInfo(of.time_zone)
    slots = opened(of, first, first + 14 * DAY, now=first)
    length = timedelta(minutes=of.minutes)
    previous = None
    for slot in slots:
        begins, ends = from_text(slot.starts_at), from_text(slot.ends_at)
        assert ends - begins == length
        wall = begins.astimezone(zone).replace(tzinfo=None)
        period = next(each for each in of.weekly if each.weekday == wall.weekday())
        assert period.begins <= f"{wall:%H:%M}" < period.ends
        # on the grid of the pattern, whatever the clocks have done that day
        since = wall - wall.replace(hour=int(period.begins[:2]), minute=int(period.begins[3:]))
        assert since % (length + timedelta(minutes=of.rules.buffer)) == timedelta(0)
        assert previous is None or begins >= previous
        assert slot == slot_at(of, begins, "UTC")
        previous = ends


@given(of=patterns(), first=STARTS, cut=st.integers(1, 14 * 24))
def test_two_looks_find_what_one_finds(of, first, cut):
    middle, last = first + timedelta(hours=cut), first + 15 * DAY
    parts = opened(of, first, middle, now=first) + opened(of, middle, last, now=first)
    assert parts == opened(of, first, last, now=first)


@given(
    of=patterns(),
    first=STARTS,
    taken=st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 300)), max_size=5),
)
def test_nothing_that_is_open_overlaps_what_is_taken(of, first, taken):
    busy = [
        Busy(to_text(first + timedelta(minutes=at)), to_text(first + timedelta(minutes=at + long)))
        for at, long in taken
    ]
    free = opened(of, first, first + 3 * DAY, *busy, now=first)
    for slot in opened(of, first, first + 3 * DAY, now=first):
        clear = all(slot.ends_at <= b.starts_at or b.ends_at <= slot.starts_at for b in busy)
        assert clear == (slot in free)
