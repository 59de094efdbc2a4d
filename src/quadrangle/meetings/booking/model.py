"""The free hours of a teacher. Dates are `2027-03-28`, wall times `09:30`, in their own zone."""

import msgspec

from quadrangle.meetings.model import Workspace


class WeeklyPeriod(msgspec.Struct, frozen=True):
    """Free time that comes again each week. `weekday` counts from 0, Monday.

    `ends` is exclusive and at most 24:00, the end of the day.
    """

    weekday: int
    begins: str
    ends: str


class ExtraPeriod(msgspec.Struct, frozen=True):
    """Free time on one date only, also where that is a day off."""

    date: str
    begins: str
    ends: str


class DaysOff(msgspec.Struct, frozen=True):
    """Dates without the weekly free time, `first` and `last` included."""

    first: str
    last: str


class BookingRules(msgspec.Struct, frozen=True):
    """What students may take, move and call off. Times in minutes, notices before the start.

    `buffer` is kept free between two meetings of the teacher. `weekly_limit` is how many hours one
    student may have with the teacher in a week (Monday to Sunday); None does not limit. Hours are
    open `days_ahead` at most. `workspaces` are those to choose from.
    """

    booking_notice: int = 12 * 60
    moving_notice: int = 24 * 60
    cancelling_notice: int = 24 * 60
    buffer: int = 0
    weekly_limit: int | None = None
    days_ahead: int = 60
    workspaces: tuple[Workspace, ...] = (Workspace.DESKTOP,)


class Hours(msgspec.Struct, frozen=True):
    """All that decides which hours of a teacher are open. `version` grows with every write.

    `minutes` is how long one hour is. Hours that are not `published` are offered to nobody; what
    was booked of them stays.
    """

    teacher_id: str
    teacher_name: str
    time_zone: str
    minutes: int
    weekly: tuple[WeeklyPeriod, ...]
    extra: tuple[ExtraPeriod, ...]
    days_off: tuple[DaysOff, ...]
    rules: BookingRules
    updated_at: str
    published: bool = True
    version: int = 1


class Slot(msgspec.Struct, frozen=True):
    """One hour that can be taken. `starts_at` and `ends_at` are instants in UTC.

    `teacher_time` and `reader_time` say the start as ISO 8601 with the offset of either's zone.
    """

    starts_at: str
    ends_at: str
    teacher_time: str
    reader_time: str


class Busy(msgspec.Struct, frozen=True):
    """A span of time that somebody is in a meeting: instants in UTC, `ends_at` exclusive."""

    starts_at: str
    ends_at: str
