"""What becomes of the launch of a desktop. (desktop, finding, now) -> desktop.

An attempt is decided only by what is definite: an answer that was lost leaves it open, and look-ups
lag behind launches, so within the boot clock "not found" says nothing either.
"""

from datetime import datetime

import msgspec

from quadrangle.kernel.clock import to_text
from quadrangle.meetings.desktops.end_rules import NOT_STARTED, ended, gone, is_past, lost, moved
from quadrangle.meetings.desktops.findings_model import (
    Launched,
    LaunchFinding,
    NotFound,
    NotMade,
    Placed,
    Spent,
)
from quadrangle.meetings.desktops.model import Placement
from quadrangle.meetings.desktops.token_rules import token_of
from quadrangle.meetings.model import Attempt, Desktop, DesktopState, Meeting
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.window_rules import machines_end_at


def after(
    desktop: Desktop, finding: LaunchFinding, meeting: Meeting, now: datetime, policy: MeetingPolicy
) -> Desktop:
    """Return what a finding makes of a desktop of the meeting."""
    match finding:
        case Placed(placement):
            return _begun(desktop, placement, meeting, now, policy)
        case Launched():
            return _made(desktop, finding)
        case NotMade():
            return _not_made(desktop, finding, now, policy)
        case Spent(attempt):
            return ended(desktop, now) if _is_open(desktop, attempt) else desktop
        case NotFound(attempt):
            return _not_found(desktop, attempt, now, policy)


def fits(desktop: Desktop, finding: Launched) -> bool:
    """Tell whether a machine that was made is, or can become, this desktop's."""
    if desktop.machine_id is not None:
        return desktop.machine_id == finding.machine_id and not desktop.is_settled
    return _is_open(desktop, finding.attempt)


def _is_open(desktop: Desktop, attempt: int) -> bool:
    """Tell whether it is not known yet what became of an attempt."""
    awaits = desktop.state in (DesktopState.LAUNCHING, DesktopState.TERMINATING)
    this = desktop.attempt is not None and desktop.attempt.number == attempt
    return awaits and this and desktop.machine_id is None


def _begun(
    desktop: Desktop, at: Placement, meeting: Meeting, now: datetime, policy: MeetingPolicy
) -> Desktop:
    if desktop.state is not DesktopState.WANTED:
        return desktop
    number = 1 if desktop.attempt is None else desktop.attempt.number + 1
    attempt = Attempt(
        number=number,
        token=token_of(meeting.meeting_id, desktop.role, desktop.generation, number),
        begun_at=to_text(now),
        ends_at=to_text(machines_end_at(meeting, policy)),
        zone=at.zone,
        machine_type=at.machine_type,
    )
    launched_at = desktop.launched_at or attempt.begun_at
    return moved(
        desktop, DesktopState.LAUNCHING, now, attempt=attempt, launched_at=launched_at, reason=None
    )


def _made(desktop: Desktop, finding: Launched) -> Desktop:
    if not _is_open(desktop, finding.attempt):
        return desktop
    return msgspec.structs.replace(desktop, machine_id=finding.machine_id)


def _not_made(desktop: Desktop, finding: NotMade, now: datetime, policy: MeetingPolicy) -> Desktop:
    if not _is_open(desktop, finding.attempt):
        return desktop
    if desktop.state is DesktopState.TERMINATING:
        return gone(desktop, now)
    used_up = finding.final or finding.attempt >= policy.attempts
    state = DesktopState.FAILED if used_up else DesktopState.WANTED
    return moved(desktop, state, now, reason=finding.why)


def _not_found(desktop: Desktop, attempt: int, now: datetime, policy: MeetingPolicy) -> Desktop:
    if not _is_open(desktop, attempt) or not is_past(desktop.since, policy.boot_clock, now):
        return desktop
    if desktop.state is DesktopState.LAUNCHING:
        return lost(desktop, NOT_STARTED, now)
    return gone(desktop, now)
