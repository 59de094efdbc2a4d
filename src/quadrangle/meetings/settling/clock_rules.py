"""What time does to a meeting: launches, ends, and when to look again."""

from datetime import datetime

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.principal import SYSTEM
from quadrangle.meetings.desktops import end_rules
from quadrangle.meetings.desktops.act_rules import launches_at
from quadrangle.meetings.life_rules import ended, released
from quadrangle.meetings.model import Desktop, DesktopState, Meeting, MeetingRole, Status
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.status_rules import with_desktop
from quadrangle.meetings.window_rules import (
    begins_at,
    ends_at,
    expires_at,
    launch_at,
    may_launch,
    no_show_at,
    wants,
)

NOBODY_CAME = "Nobody joined in time."
NOT_READY = "The desktops were not ready in time."
TIME_IS_UP = "The time was up."
ALL_LEFT = "Everyone had left."
NO_DESKTOP = "No desktop could be made."
NO_SHOW = "Its person had not come."

Told = tuple[Meeting, list[Change]]


def tick(meeting: Meeting, left_at: datetime | None, now: datetime, policy: MeetingPolicy) -> Told:
    """Return what the present instant makes of a meeting, and what is told of it.

    `left_at` is when the last of those who were connected left; None while somebody is.
    """
    told: list[Change] = []
    if not meeting.is_over:
        meeting, told = _over_by_clock(meeting, left_at, now, policy)
    if not meeting.is_over:
        meeting = _without_no_shows(meeting, now, policy)
        meeting = _with_wanted(meeting, now, policy)
        meeting, told = _over_by_failure(meeting, now)
    for desktop in meeting.desktops:
        meeting = with_desktop(meeting, end_rules.clocked(desktop, now, policy))
    return meeting, told


def _over_by_clock(
    meeting: Meeting, left_at: datetime | None, now: datetime, policy: MeetingPolicy
) -> Told:
    if meeting.joined_at is None:
        if now >= expires_at(meeting, policy):
            reason = NOBODY_CAME if meeting.status is Status.HEALTHY else NOT_READY
            return ended(meeting, Status.EXPIRED, reason, SYSTEM, now)
        return meeting, []
    if now >= ends_at(meeting):
        return ended(meeting, Status.ENDED, TIME_IS_UP, SYSTEM, now)
    if left_at is not None and now >= all_left_at(meeting, left_at, policy):
        return ended(meeting, Status.ENDED, ALL_LEFT, SYSTEM, now)
    return meeting, []


def all_left_at(meeting: Meeting, left_at: datetime, policy: MeetingPolicy) -> datetime:
    """Return when a meeting ends that everyone left then: whoever came early may come again."""
    return max(left_at + policy.all_left, begins_at(meeting) + policy.safety_net)


def _over_by_failure(meeting: Meeting, now: datetime) -> Told:
    """Those who have joined work on, on the desktop there is; staff may have the other retried."""
    newest = [meeting.desktop(role) for role in MeetingRole]
    failed = [each for each in newest if each and each.state is DesktopState.FAILED]
    if meeting.joined_at is not None or not failed:
        return meeting, []
    return ended(meeting, Status.FAILED, failed[0].reason or NO_DESKTOP, SYSTEM, now)


def _without_no_shows(meeting: Meeting, now: datetime, policy: MeetingPolicy) -> Meeting:
    if meeting.joined_at is None:
        return meeting
    for role in MeetingRole:
        desktop = meeting.desktop(role)
        if desktop is None or not desktop.is_living or role in meeting.joined_roles:
            continue
        if now >= no_show_at(desktop, meeting, policy):
            meeting = released(meeting, role, NO_SHOW, now)
    return meeting


def _with_wanted(meeting: Meeting, now: datetime, policy: MeetingPolicy) -> Meeting:
    if not may_launch(meeting, now, policy):
        return meeting
    for role in MeetingRole:
        last = meeting.desktop(role)
        lacks = last is None or not (last.is_living or last.state is DesktopState.FAILED)
        if wants(meeting, role) and lacks:
            meeting = with_desktop(meeting, _next(role, last, now, policy))
    return meeting


def _next(role: MeetingRole, last: Desktop | None, now: datetime, policy: MeetingPolicy) -> Desktop:
    failures = 0 if last is None else last.failures
    used_up = failures >= policy.generations
    return Desktop(
        role=role,
        generation=1 if last is None else last.generation + 1,
        state=DesktopState.FAILED if used_up else DesktopState.WANTED,
        since=to_text(now),
        wanted_at=to_text(now),
        failures=failures,
        reason=last.reason if used_up and last else None,
    )


def look_again_at(
    meeting: Meeting, left_at: datetime | None, now: datetime, policy: MeetingPolicy
) -> datetime | None:
    """Return when a meeting is to be looked at again; None once nothing is left to do."""
    moments = [_desktop_look_at(each, meeting, now, policy) for each in meeting.desktops]
    if not meeting.is_over:
        moments += _deadlines(meeting, left_at, now, policy)
    to_come = [max(moment, now) for moment in moments if moment is not None]
    return min(to_come, default=None)


def _desktop_look_at(
    desktop: Desktop, meeting: Meeting, now: datetime, policy: MeetingPolicy
) -> datetime | None:
    if desktop.is_settled:
        return None
    if desktop.state is DesktopState.WANTED:
        if not may_launch(meeting, now, policy):
            return None
        return max(launches_at(desktop, policy), now + policy.poll)
    if desktop.state is DesktopState.HEALTHY:
        return now + policy.check_every
    return now + policy.poll


def _deadlines(
    meeting: Meeting, left_at: datetime | None, now: datetime, policy: MeetingPolicy
) -> list[datetime]:
    if now < launch_at(meeting, policy):
        return [launch_at(meeting, policy)]
    if meeting.joined_at is None:
        return [expires_at(meeting, policy)]
    deadlines = [ends_at(meeting)]
    if left_at is not None:
        deadlines.append(all_left_at(meeting, left_at, policy))
    return deadlines
