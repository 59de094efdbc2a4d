"""Joining a meeting: what it changes, what those hear who have to wait, and for how long."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from statistics import median

import msgspec

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.principal import ANYONE, Principal
from quadrangle.meetings.joining.acting_rules import acting
from quadrangle.meetings.life_rules import Told
from quadrangle.meetings.model import (
    Desktop,
    DesktopState,
    Meeting,
    MeetingRole,
    Status,
    other_side,
)
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.status_rules import fact
from quadrangle.meetings.window_rules import launch_at


class Stage(StrEnum):
    """How far one's desktop has come, for the page that waits for it."""

    SCHEDULED = "scheduled"  # its time has not come
    STARTING = "starting"
    BOOTING = "booting"
    CONNECTING = "connecting"  # its name is being made to lead to it
    CHECKING = "checking"  # it is to answer its health check
    OTHER_SIDE = "other side"  # ready; the other one's is not
    FAILED = "failed"  # it could not be made; staff can have it tried again


_STAGES = {
    DesktopState.LAUNCHING: Stage.BOOTING,
    DesktopState.RUNNING: Stage.CONNECTING,
    DesktopState.ROUTED: Stage.CHECKING,
    DesktopState.HEALTHY: Stage.OTHER_SIDE,
    DesktopState.FAILED: Stage.FAILED,
}


def can_enter(meeting: Meeting, role: MeetingRole) -> bool:
    """Tell whether a side's present desktop is healthy and its name leads to it.

    Nobody enters first before both are: only then is a meeting HEALTHY.
    """
    desktop = meeting.desktop(role)
    if desktop is None or desktop.state is not DesktopState.HEALTHY or desktop.link is None:
        return False
    return meeting.joined_at is not None or meeting.status is Status.HEALTHY


def join(meeting: Meeting, role: MeetingRole, now: datetime, who: Principal = ANYONE) -> Told:
    """Return what a side that can enter makes of the meeting: nothing when it joined before."""
    if role in meeting.joined_roles:
        return meeting, []
    at = to_text(now)
    joined = msgspec.structs.replace(
        meeting,
        joined_at=meeting.joined_at or at,
        joined_roles=(*meeting.joined_roles, role),
    )
    return joined, [fact("meeting.joined", joined, {"role": role}, acting(role, who), at)]


def knock(meeting: Meeting, role: MeetingRole, now: datetime, who: Principal = ANYONE) -> Told:
    """Return what one makes of a meeting who cannot enter yet.

    Who comes late, after their desktop was ended, has one made again.
    """
    if role not in meeting.released:
        return meeting, []
    released = tuple(each for each in meeting.released if each is not role)
    late = msgspec.structs.replace(meeting, released=released)
    actor = acting(role, who)
    return late, [fact("meeting.came-late", late, {"role": role}, actor, to_text(now))]


def stage_of(meeting: Meeting, role: MeetingRole, now: datetime, policy: MeetingPolicy) -> Stage:
    """Return how far a side has come that cannot enter yet."""
    if now < launch_at(meeting, policy):
        return Stage.SCHEDULED
    desktop = meeting.desktop(role)
    if desktop is None:
        return Stage.STARTING
    return _STAGES.get(desktop.state, Stage.STARTING)


def eta_s(
    meeting: Meeting,
    role: MeetingRole,
    took_s: Sequence[float],
    now: datetime,
    policy: MeetingPolicy,
) -> int:
    """Return in how many seconds, at least 1, a side can probably enter.

    `took_s` are the seconds earlier launches took. Of a launch that has gone on for a while only
    those tell something that took longer.
    """
    if now < launch_at(meeting, policy):
        until = (launch_at(meeting, policy) - now).total_seconds()
        return round(until + _remaining_s(0.0, took_s, policy))
    return max(
        1, round(max(_left_s(meeting, each, took_s, now, policy) for each in _sides(meeting, role)))
    )


def _sides(meeting: Meeting, role: MeetingRole) -> tuple[MeetingRole, ...]:
    return (role,) if meeting.joined_at is not None else (role, other_side(role))


def _left_s(
    meeting: Meeting,
    role: MeetingRole,
    took_s: Sequence[float],
    now: datetime,
    policy: MeetingPolicy,
) -> float:
    desktop = meeting.desktop(role)
    if desktop is not None and desktop.state is DesktopState.HEALTHY:
        return 0.0
    return _remaining_s(_elapsed_s(desktop, now), took_s, policy)


def _elapsed_s(desktop: Desktop | None, now: datetime) -> float:
    if desktop is None or not desktop.is_living or desktop.launched_at is None:
        return 0.0
    return (now - from_text(desktop.launched_at)).total_seconds()


def _remaining_s(elapsed_s: float, took_s: Sequence[float], policy: MeetingPolicy) -> float:
    known = took_s or [policy.typical_launch.total_seconds()]
    longer = [each for each in known if each > elapsed_s]
    if longer:
        return median(longer) - elapsed_s
    return policy.check_every.total_seconds()
