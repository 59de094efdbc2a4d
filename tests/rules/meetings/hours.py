"""Free hours for tests."""

from datetime import UTC, datetime

import msgspec

from quadrangle.meetings.booking.model import BookingRules, Hours, WeeklyPeriod

TEACHER_ID = "11111111-1111-4111-8111-111111111111"
FREELY = BookingRules(booking_notice=0, moving_notice=0, cancelling_notice=0, days_ahead=180)
WEEKDAYS = tuple(WeeklyPeriod(day, "09:00", "12:00") for day in range(5))


def hours(zone: str = "Europe/Berlin", **fields) -> Hours:
    """Mornings on weekdays, taken without notice."""
    rules = fields.pop("rules", FREELY)
    usual = Hours(
        teacher_id=TEACHER_ID,
        teacher_name="Ada Lovelace",
        time_zone=zone,
        minutes=60,
        weekly=WEEKDAYS,
        extra=(),
        days_off=(),
        rules=rules,
        updated_at="2027-01-01T00:00:00.000Z",
    )
    return msgspec.structs.replace(usual, **fields)


def every_day(begins: str, ends: str) -> tuple[WeeklyPeriod, ...]:
    return tuple(WeeklyPeriod(day, begins, ends) for day in range(7))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)
