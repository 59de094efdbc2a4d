"""The shapes of what teachers publish."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from quadrangle.http.openapi import Day, Id, Instant, limits
from quadrangle.meetings.booking import hours_rules
from quadrangle.meetings.booking.hours_rules import NewHours
from quadrangle.meetings.booking.model import (
    BookingRules,
    DaysOff,
    ExtraPeriod,
    Hours,
    WeeklyPeriod,
)
from quadrangle.meetings.model import Workspace

_Time = Annotated[str, Meta(examples=["09:30"], description="on the teacher's clocks")]
_Zone = Annotated[str, Meta(examples=["Europe/Berlin"], description="a name of IANA's")]
_Notice = Annotated[
    int,
    Meta(
        description="minutes before the start",
        extra_json_schema={"extra": {"minimum": 0, "maximum": hours_rules.MAX_NOTICE}},
    ),
]


class WeeklyBody(msgspec.Struct, rename="camel"):
    """`weekday` counts from 0, Monday; `ends` may be 24:00."""

    weekday: Annotated[int, limits(minimum=0, maximum=6)]
    begins: _Time
    ends: _Time


class ExtraBody(msgspec.Struct, rename="camel"):
    date: Day
    begins: _Time
    ends: _Time


class DaysOffBody(msgspec.Struct, rename="camel"):
    """Both dates are included."""

    first: Day
    last: Day


class RulesBody(msgspec.Struct, rename="camel"):
    """What is left out is as usual. `weeklyLimit` null: as many as a student likes."""

    booking_notice: _Notice = BookingRules().booking_notice
    moving_notice: _Notice = BookingRules().moving_notice
    cancelling_notice: _Notice = BookingRules().cancelling_notice
    buffer: Annotated[int, limits(minimum=0, maximum=hours_rules.MAX_BUFFER)] = 0
    weekly_limit: int | None = None
    days_ahead: Annotated[int, limits(minimum=1, maximum=hours_rules.MAX_DAYS_AHEAD)] = (
        BookingRules().days_ahead
    )
    workspaces: Annotated[list[Workspace], limits(minItems=1, uniqueItems=True)] = msgspec.field(
        default_factory=lambda: list(BookingRules().workspaces)
    )


class HoursBody(msgspec.Struct, rename="camel"):
    """All that a teacher offers, in place of what was published before; `minutes` is how long one
    hour is. With `version`, a 409 when somebody has saved since (0: nothing was there)."""

    time_zone: _Zone
    minutes: int
    weekly: list[WeeklyBody]
    extra: list[ExtraBody] = []
    days_off: list[DaysOffBody] = []
    rules: RulesBody = msgspec.field(default_factory=RulesBody)
    version: int | None = None


class HoursAnswer(msgspec.Struct, rename="camel"):
    teacher_id: Id
    teacher_name: str
    time_zone: str
    minutes: int
    weekly: list[WeeklyBody]
    extra: list[ExtraBody]
    days_off: list[DaysOffBody]
    rules: RulesBody
    published: bool
    updated_at: Instant
    version: int


def new_hours(body: HoursBody) -> NewHours:
    return NewHours(
        time_zone=body.time_zone,
        minutes=body.minutes,
        weekly=tuple(WeeklyPeriod(**_values(each)) for each in body.weekly),
        extra=tuple(ExtraPeriod(**_values(each)) for each in body.extra),
        days_off=tuple(DaysOff(**_values(each)) for each in body.days_off),
        rules=BookingRules(
            **{**_values(body.rules), "workspaces": tuple(body.rules.workspaces)},
        ),
    )


def hours_answer(hours: Hours) -> HoursAnswer:
    return HoursAnswer(
        teacher_id=hours.teacher_id,
        teacher_name=hours.teacher_name,
        time_zone=hours.time_zone,
        minutes=hours.minutes,
        weekly=[WeeklyBody(**_values(each)) for each in hours.weekly],
        extra=[ExtraBody(**_values(each)) for each in hours.extra],
        days_off=[DaysOffBody(**_values(each)) for each in hours.days_off],
        rules=rules_body(hours.rules),
        published=hours.published,
        updated_at=hours.updated_at,
        version=hours.version,
    )


def rules_body(rules: BookingRules) -> RulesBody:
    return RulesBody(**{**_values(rules), "workspaces": list(rules.workspaces)})


def _values(struct: msgspec.Struct) -> dict[str, Any]:
    return msgspec.structs.asdict(struct)
