"""What teachers publish survives the wire in both directions."""

import msgspec

from quadrangle.meetings.booking.hours_rules import NewHours
from quadrangle.meetings.booking.model import BookingRules, DaysOff, ExtraPeriod
from quadrangle.meetings.booking.series_rules import Occurrence, SeriesClash
from quadrangle.meetings.http.booking import wire as wire_booking
from quadrangle.meetings.http.booking.wire_hours import HoursBody, hours_answer, new_hours
from quadrangle.meetings.model import Workspace
from tests.rules.meetings.hours import hours


def test_hours_come_back_as_they_were_published():
    published = hours(
        extra=(ExtraPeriod("2027-03-28", "09:00", "24:00"),),
        days_off=(DaysOff("2027-07-01", "2027-07-31"),),
        rules=BookingRules(weekly_limit=3, workspaces=(Workspace.TERMINAL, Workspace.DESKTOP)),
    )
    sent = msgspec.json.encode(hours_answer(published))
    body = msgspec.json.decode(sent, type=HoursBody)
    same = NewHours(*(getattr(published, name) for name in NewHours.__struct_fields__))
    assert new_hours(body) == same


def test_what_is_left_out_is_as_usual():
    body = msgspec.json.decode(
        b'{"timeZone": "UTC", "minutes": 60, "weekly": [], "rules": {"buffer": 5}}', type=HoursBody
    )
    assert new_hours(body).rules == BookingRules(buffer=5)


def test_a_clash_is_told_by_its_meetings():
    clash = SeriesClash([Occurrence(3, "2027-03-29T09:00:00")])
    answer = msgspec.to_builtins(wire_booking.series_clash_answer(clash))
    assert answer["occurrences"] == [{"number": 3, "localTime": "2027-03-29T09:00:00"}]
    assert answer["message"].startswith("1 of these meetings clashes")
