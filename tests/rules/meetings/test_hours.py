"""What a teacher may publish, and what is said of what may not be."""

from datetime import UTC, datetime

import msgspec
import pytest

from quadrangle.kernel.errors import Forbidden, InvalidInput, NotSignedIn
from quadrangle.kernel.principal import ANYONE, Principal, Role
from quadrangle.meetings.booking import hours_rules
from quadrangle.meetings.booking.hours_rules import NewHours
from quadrangle.meetings.booking.model import BookingRules, DaysOff, ExtraPeriod, WeeklyPeriod
from quadrangle.meetings.model import Workspace
from quadrangle.meetings.policy_model import MeetingPolicy
from tests.rules.meetings.hours import TEACHER_ID, hours

NOW = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
ADA = Principal("Ada Lovelace", Role.TEACHER, TEACHER_ID, origin="192.0.2.1")
NEW = NewHours(
    time_zone="Europe/Berlin",
    minutes=45,
    weekly=(WeeklyPeriod(0, "09:00", "12:00"), WeeklyPeriod(0, "12:00", "24:00")),
    extra=(ExtraPeriod("2027-03-28", "14:00", "15:00"),),
    days_off=(DaysOff("2027-07-01", "2027-07-01"),),
    rules=BookingRules(weekly_limit=1, workspaces=(Workspace.TERMINAL, Workspace.DESKTOP)),
)
POLICY = MeetingPolicy()


def publish(new: NewHours = NEW, present=None, actor: Principal = ADA):
    return hours_rules.publish(present, new, actor, NOW, POLICY)


def faults(**fields) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        publish(msgspec.structs.replace(NEW, **fields))
    return {error.field: error.message for error in refused.value.errors}


@pytest.mark.parametrize("minutes", [-1, 0, 10**15, 10**25])
def test_an_hour_of_no_possible_length_is_told_of_once(minutes: int):
    assert list(faults(minutes=minutes)) == ["minutes"]


def test_published_hours_are_as_they_were_given():
    made, (change,) = publish()
    assert NewHours(*(getattr(made, name) for name in NewHours.__struct_fields__)) == NEW
    assert (made.teacher_id, made.teacher_name) == (TEACHER_ID, "Ada Lovelace")
    assert (made.version, made.published) == (1, True)
    assert (change.kind, change.subject) == ("hours.published", TEACHER_ID)
    assert (change.actor_id, change.origin) == (TEACHER_ID, "192.0.2.1")


def test_each_publication_takes_the_place_of_the_one_before():
    present = hours(version=4, published=False)
    made, _ = publish(present=present)
    assert (made.version, made.published, made.minutes) == (5, True, 45)


def test_hours_are_withdrawn_once():
    gone, (change,) = hours_rules.withdraw(hours(version=4), ADA, NOW)
    assert (gone.published, gone.version, change.kind) == (False, 5, "hours.withdrawn")
    assert hours_rules.withdraw(gone, ADA, NOW) == (gone, [])


@pytest.mark.parametrize("role", [Role.TEACHER, Role.STAFF, Role.ADMIN])
def test_whoever_teaches_publishes(role):
    assert publish(actor=Principal("Ada", role, TEACHER_ID))[0].published


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        (ANYONE, NotSignedIn),
        (Principal("PIN", Role.STAFF), NotSignedIn),
        (Principal("Bo", Role.STUDENT, "student-1"), Forbidden),
    ],
)
def test_others_do_not(actor, refusal):
    with pytest.raises(refusal):
        publish(actor=actor)


def weekly(*periods: tuple[int, str, str]) -> dict[str, tuple[WeeklyPeriod, ...]]:
    return {"weekly": tuple(WeeklyPeriod(*each) for each in periods)}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"time_zone": "Berlin"}, "timeZone"),
        ({"time_zone": "right/Europe/Berlin"}, "timeZone"),
        ({"minutes": 4, "weekly": NEW.weekly}, "minutes"),
        ({"weekly": (), "extra": ()}, "weekly"),
        (weekly((7, "09:00", "10:00")), "weekly.0.weekday"),
        (weekly((-1, "09:00", "10:00")), "weekly.0.weekday"),
        (weekly((0, "9:00", "10:00")), "weekly.0.begins"),
        (weekly((0, "24:00", "24:00")), "weekly.0.begins"),
        (weekly((0, "09:00", "24:01")), "weekly.0.ends"),
        (weekly((0, "09:00", "25:00")), "weekly.0.ends"),
        (weekly((0, "09:00", "09:44")), "weekly.0.ends"),
        (weekly((0, "10:00", "09:00")), "weekly.0.ends"),
        (
            weekly((0, "09:00", "11:00"), (1, "09:00", "12:00"), (0, "10:59", "12:00")),
            "weekly.2.begins",
        ),
        ({"extra": (ExtraPeriod("2027-02-29", "09:00", "10:00"),)}, "extra.0.date"),
        ({"extra": (ExtraPeriod("2027-3-1", "09:00", "10:00"),)}, "extra.0.date"),
        ({"extra": (ExtraPeriod("2027-03-28", "14:30", "16:00"),) * 2}, "extra.1.begins"),
        ({"days_off": (DaysOff("2027-07-02", "2027-07-01"),)}, "daysOff.0.last"),
        ({"days_off": (DaysOff("soon", "2027-07-01"),)}, "daysOff.0.first"),
        ({"rules": BookingRules(booking_notice=-1)}, "rules.bookingNotice"),
        ({"rules": BookingRules(moving_notice=43_201)}, "rules.movingNotice"),
        ({"rules": BookingRules(cancelling_notice=10**9)}, "rules.cancellingNotice"),
        ({"rules": BookingRules(buffer=241)}, "rules.buffer"),
        ({"rules": BookingRules(weekly_limit=0)}, "rules.weeklyLimit"),
        ({"rules": BookingRules(days_ahead=181)}, "rules.daysAhead"),
        ({"rules": BookingRules(workspaces=())}, "rules.workspaces"),
        ({"rules": BookingRules(workspaces=(Workspace.DESKTOP,) * 2)}, "rules.workspaces"),
        ({"weekly": (WeeklyPeriod(0, "09:00", "10:00"),) * 51}, "weekly"),
    ],
)
def test_what_cannot_be_published(fields, field):
    found = faults(**fields)
    assert field in found
    assert all(message.endswith(".") for message in found.values())


def test_every_fault_is_told_at_once():
    found = faults(
        time_zone="?", minutes=0, days_off=(DaysOff("a", "b"),), rules=BookingRules(buffer=-1)
    )
    assert set(found) == {"timeZone", "minutes", "daysOff.0.first", "rules.buffer"}
