"""The shapes of what staff sees of meetings and desktops."""

from typing import Annotated

import msgspec

from quadrangle.http.openapi import Id, Instant, limits
from quadrangle.kernel.clock import to_text
from quadrangle.meetings.life_rules import MAX_REASON
from quadrangle.meetings.model import DesktopState, MeetingRole, Status, Workspace
from quadrangle.meetings.oversight.model import DesktopUse, MeetingUse, Overview, Price, Reaped
from quadrangle.meetings.window_rules import ends_at


class PriceBody(msgspec.Struct, rename="camel"):
    """What an hour of one desktop costs; `currency` is a code such as EUR."""

    amount: float
    currency: str


class DesktopUseBody(msgspec.Struct, rename="camel"):
    """A desktop; `hours` is how long it has run for so far."""

    role: MeetingRole
    generation: int
    state: DesktopState
    machine_id: str | None
    since: Instant
    launched_at: Instant | None
    reason: str | None
    hours: float
    cost: float | None


class MeetingUseBody(msgspec.Struct, rename="camel"):
    """A meeting with its desktops; `stuck` says in sentences what keeps it from going on."""

    id: Id
    teacher_name: str
    student_name: str
    meet_time: Instant
    ends_at: Instant
    status: Status
    workspace: Workspace
    joined_at: Instant | None
    end_reason: str | None
    stuck: list[str]
    hours: float
    cost: float | None
    desktops: list[DesktopUseBody]
    version: int


class ReapedBody(msgspec.Struct, rename="camel"):
    """A machine that was nobody's and was ended."""

    machine_id: str
    meeting_id: str
    role: MeetingRole
    at: Instant


class LatelyBody(msgspec.Struct, rename="camel"):
    """What desktops were used for by the meetings that began in the last days."""

    days: int
    meetings: int
    hours: float
    cost: float | None


class OverviewBody(msgspec.Struct, rename="camel"):
    """How it stands. `most` desktops fit at once, and `why` no more; `machines` run now."""

    at: Instant
    most: int
    why: str
    machines: int
    price: PriceBody | None
    cost_per_hour: float | None
    active: list[MeetingUseBody]
    reaped: list[ReapedBody]
    lately: LatelyBody


class HistoryBody(msgspec.Struct, rename="camel"):
    meetings: list[MeetingUseBody]
    next_cursor: str | None


class RetryBody(msgspec.Struct, rename="camel"):
    """With `role` that side's desktop is made anew; without, the meeting is looked at again."""

    role: MeetingRole | None = None


class ForceEndBody(msgspec.Struct, rename="camel"):
    """`reason` is told to the people of the meeting."""

    reason: Annotated[str, limits(maxLength=MAX_REASON)]


def overview_body(found: Overview, price: Price | None) -> OverviewBody:
    return OverviewBody(
        at=found.at,
        most=found.most,
        why=found.why,
        machines=found.machines,
        price=None if price is None else PriceBody(price.amount, price.currency),
        cost_per_hour=_cost(found.machines, price),
        active=[meeting_use_body(each, price) for each in found.active],
        reaped=[_reaped(each) for each in found.reaped],
        lately=LatelyBody(
            days=found.lately.days,
            meetings=found.lately.meetings,
            hours=_rounded(found.lately.hours),
            cost=_cost(found.lately.hours, price),
        ),
    )


def meeting_use_body(use: MeetingUse, price: Price | None) -> MeetingUseBody:
    meeting = use.meeting
    return MeetingUseBody(
        id=meeting.meeting_id,
        teacher_name=meeting.teacher_name,
        student_name=meeting.student_name,
        meet_time=meeting.meet_time,
        ends_at=to_text(ends_at(meeting)),
        status=meeting.status,
        workspace=meeting.workspace,
        joined_at=meeting.joined_at,
        end_reason=meeting.end_reason,
        stuck=list(use.stuck),
        hours=_rounded(use.hours),
        cost=_cost(use.hours, price),
        desktops=[_desktop(each, price) for each in use.desktops],
        version=meeting.version,
    )


def _desktop(use: DesktopUse, price: Price | None) -> DesktopUseBody:
    desktop = use.desktop
    return DesktopUseBody(
        role=desktop.role,
        generation=desktop.generation,
        state=desktop.state,
        machine_id=desktop.machine_id,
        since=desktop.since,
        launched_at=desktop.launched_at,
        reason=desktop.reason,
        hours=_rounded(use.hours),
        cost=_cost(use.hours, price),
    )


def _reaped(each: Reaped) -> ReapedBody:
    return ReapedBody(
        machine_id=each.machine_id, meeting_id=each.meeting_id, role=each.role, at=each.at
    )


def _cost(hours: float, price: Price | None) -> float | None:
    return None if price is None else round(hours * price.amount, 4)


def _rounded(hours: float) -> float:
    return round(hours, 4)
