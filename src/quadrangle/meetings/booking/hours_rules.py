"""What a teacher may publish. Every faulty field is told at once, by its name on the wire."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Forbidden, InvalidInput, NotSignedIn
from quadrangle.kernel.principal import SYSTEM, Principal, Role
from quadrangle.kernel.text import Checked
from quadrangle.meetings.booking.model import (
    BookingRules,
    DaysOff,
    ExtraPeriod,
    Hours,
    WeeklyPeriod,
)
from quadrangle.meetings.booking.slot_rules import wall_time
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.scheduling.time_rules import zone_of

MAX_WEEKLY = 50
MAX_EXTRA = 200
MAX_DAYS_OFF = 100
MAX_NOTICE = 30 * 24 * 60  # minutes
MAX_BUFFER = 4 * 60  # minutes
MAX_WEEKLY_LIMIT = 50
MAX_DAYS_AHEAD = 180

_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WEEKDAY = range(7)
_GIVERS = frozenset({Role.TEACHER, Role.STAFF, Role.ADMIN})

Decision = tuple[Hours, list[Change]]
Period = WeeklyPeriod | ExtraPeriod


class NewHours(msgspec.Struct, frozen=True):
    """What a teacher publishes in place of all that was published before."""

    time_zone: str
    minutes: int
    weekly: tuple[WeeklyPeriod, ...]
    extra: tuple[ExtraPeriod, ...] = ()
    days_off: tuple[DaysOff, ...] = ()
    rules: BookingRules = BookingRules()


def require_teacher(actor: Principal) -> str:
    """Return whose hours someone may publish. Raises NotSignedIn, Forbidden."""
    if actor.account_id is None:
        raise NotSignedIn()
    if not gives_hours(actor.role):
        raise Forbidden("This is for teachers.")
    return actor.account_id


def gives_hours(role: Role | None) -> bool:
    """Tell whether people of a role may offer hours; None is who has no open account."""
    return role in _GIVERS


def publish(
    present: Hours | None, new: NewHours, actor: Principal, now: datetime, policy: MeetingPolicy
) -> Decision:
    """Return the hours as they shall be offered. Raises NotSignedIn, Forbidden, InvalidInput."""
    teacher_id = require_teacher(actor)
    _check(new, policy)
    hours = Hours(
        teacher_id=teacher_id,
        teacher_name=actor.name,
        updated_at=to_text(now),
        version=1 if present is None else present.version + 1,
        **msgspec.structs.asdict(new),
    )
    return hours, [_fact("hours.published", hours, actor)]


def withdraw(present: Hours, actor: Principal, now: datetime) -> Decision:
    """Have no more hours taken; what was booked stays. Withdrawn hours are left as they are."""
    if not present.published:
        return present, []
    hours = msgspec.structs.replace(
        present, published=False, updated_at=to_text(now), version=present.version + 1
    )
    return hours, [_fact("hours.withdrawn", hours, actor)]


def renamed(hours: Hours, now: datetime) -> Change:
    """Return what is told of hours that bear another name now."""
    return _fact("hours.renamed", msgspec.structs.replace(hours, updated_at=to_text(now)), SYSTEM)


def _fact(kind: str, hours: Hours, actor: Principal) -> Change:
    return Change(
        kind=kind,
        subject=hours.teacher_id,
        data={"version": hours.version},
        actor=actor.name,
        actor_id=actor.account_id,
        origin=actor.origin,
        at=hours.updated_at,
    )


def _check(new: NewHours, policy: MeetingPolicy) -> None:
    checked = Checked()
    try:
        zone_of(new.time_zone)
    except InvalidInput:
        checked.fault("timeZone", "Please give a time zone such as Europe/Berlin.")
    shortest, longest = policy.shortest_minutes, policy.longest_minutes
    _number(checked, "minutes", new.minutes, shortest, longest, "minutes")
    # what is too long by itself need not be told of each period too
    _check_periods(checked, new, new.minutes if shortest <= new.minutes <= longest else shortest)
    _check_days_off(checked, new.days_off)
    _check_rules(checked, new.rules)
    if checked.errors:
        raise InvalidInput(checked.errors)


def _check_periods(checked: Checked, new: NewHours, minutes: int) -> None:
    """Note what is wrong with the periods; each is to hold an hour of that many minutes."""
    if not new.weekly and not new.extra:
        checked.fault("weekly", "Please give some free time.")
    _count(checked, "weekly", new.weekly, MAX_WEEKLY)
    _count(checked, "extra", new.extra, MAX_EXTRA)
    sound: list[tuple[str, str | int, Period]] = []
    for i, each in enumerate(new.weekly):
        field = f"weekly.{i}"
        if each.weekday not in _WEEKDAY:
            checked.fault(f"{field}.weekday", "Please give 0 (Monday) to 6 (Sunday).")
        elif _is_period(checked, field, each, minutes):
            sound.append((field, each.weekday, each))
    for i, extra in enumerate(new.extra):
        field = f"extra.{i}"
        if not _is_date(extra.date):
            checked.fault(f"{field}.date", _NO_DATE)
        elif _is_period(checked, field, extra, minutes):
            sound.append((field, extra.date, extra))
    _check_apart(checked, sound)


_NO_DATE = "Please give a date such as 2027-03-28."


def _is_period(checked: Checked, field: str, period: Period, minutes: int) -> bool:
    """Note what is wrong with the times of a period; tell whether they are sound."""
    if not _TIME.fullmatch(period.begins):
        checked.fault(f"{field}.begins", "Please give a time such as 09:30.")
        return False
    if period.ends != "24:00" and not _TIME.fullmatch(period.ends):
        checked.fault(f"{field}.ends", "Please give a time such as 17:00, at most 24:00.")
        return False
    length = wall_time(date.min, period.ends) - wall_time(date.min, period.begins)
    if length < timedelta(minutes=minutes):
        checked.fault(f"{field}.ends", "This is too short for one of your hours.")
        return False
    return True


def _check_apart(checked: Checked, sound: Sequence[tuple[str, str | int, Period]]) -> None:
    """Note periods of one weekday, or of one date, that overlap."""
    ends: dict[str | int, str] = {}
    for field, day, period in sorted(sound, key=lambda each: (str(each[1]), each[2].begins)):
        if period.begins < ends.get(day, ""):
            checked.fault(f"{field}.begins", "This overlaps another free time of that day.")
        ends[day] = max(ends.get(day, ""), period.ends)


def _check_days_off(checked: Checked, days_off: Sequence[DaysOff]) -> None:
    _count(checked, "daysOff", days_off, MAX_DAYS_OFF)
    for i, each in enumerate(days_off):
        if not _is_date(each.first):
            checked.fault(f"daysOff.{i}.first", _NO_DATE)
        elif not _is_date(each.last):
            checked.fault(f"daysOff.{i}.last", _NO_DATE)
        elif each.last < each.first:
            checked.fault(f"daysOff.{i}.last", "This is before the first day.")


def _check_rules(checked: Checked, rules: BookingRules) -> None:
    for name, value in (
        ("bookingNotice", rules.booking_notice),
        ("movingNotice", rules.moving_notice),
        ("cancellingNotice", rules.cancelling_notice),
    ):
        _number(checked, f"rules.{name}", value, 0, MAX_NOTICE, "minutes")
    _number(checked, "rules.buffer", rules.buffer, 0, MAX_BUFFER, "minutes")
    _number(checked, "rules.daysAhead", rules.days_ahead, 1, MAX_DAYS_AHEAD, "days")
    if rules.weekly_limit is not None:
        _number(checked, "rules.weeklyLimit", rules.weekly_limit, 1, MAX_WEEKLY_LIMIT, "hours")
    if not rules.workspaces or len(set(rules.workspaces)) < len(rules.workspaces):
        checked.fault("rules.workspaces", "Please give at least one workspace, each once.")


def _number(checked: Checked, field: str, value: int, least: int, most: int, unit: str) -> None:
    if not least <= value <= most:
        checked.fault(field, f"Please give {least} to {most:,} {unit}.")


def _count(checked: Checked, field: str, entries: Sequence[object], most: int) -> None:
    if len(entries) > most:
        checked.fault(field, f"Please give at most {most} entries.")


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
