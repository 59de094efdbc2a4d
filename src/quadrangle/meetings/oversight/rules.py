"""What desktops are used for, and which meetings are stuck and why."""

from datetime import datetime, timedelta

from quadrangle.kernel.clock import from_text
from quadrangle.meetings.model import Desktop, DesktopState, Meeting, MeetingRole
from quadrangle.meetings.oversight.model import DesktopUse, MeetingUse
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.window_rules import is_past, launch_at, may_launch, wants

# How long what the sweep does each minute may take before somebody is told.
PATIENCE = timedelta(minutes=3)
_ENDING = (DesktopState.DRAINING, DesktopState.TERMINATING)


def use_of(meeting: Meeting, now: datetime, policy: MeetingPolicy) -> MeetingUse:
    """Return what a meeting's desktops have run for, and what it is stuck at.

    Of each side the last generation counts, and those before it that are not gone yet.
    """
    uses = tuple(DesktopUse(each, _hours(each, now)) for each in meeting.desktops)
    return MeetingUse(meeting, uses, stuck_at(meeting, now, policy))


def _hours(desktop: Desktop, now: datetime) -> float:
    if desktop.launched_at is None:
        return 0.0
    until = from_text(desktop.since) if desktop.is_settled else now
    return max(0.0, (until - from_text(desktop.launched_at)) / timedelta(hours=1))


def stuck_at(meeting: Meeting, now: datetime, policy: MeetingPolicy) -> tuple[str, ...]:
    """Return what keeps a meeting from going on by itself, in sentences; nothing if it does."""
    found = [said for each in meeting.desktops if (said := _desktop(each, meeting, now, policy))]
    if not meeting.is_over and is_past(meeting, now - PATIENCE, policy):
        found.append("It should be over by now, and nothing has ended it.")
    elif may_launch(meeting, now, policy):
        asked_from = max(launch_at(meeting, policy), from_text(meeting.counts_from))
        late = now >= asked_from + PATIENCE
        missing = [role for role in MeetingRole if wants(meeting, role) and _lacks(meeting, role)]
        found += [
            f"The desktop {_side(role)} has not been asked for, though it is time."
            for role in missing
            if late
        ]
    return tuple(found)


def _lacks(meeting: Meeting, role: MeetingRole) -> bool:
    desktop = meeting.desktop(role)
    return desktop is None or desktop.state is DesktopState.GONE


def _desktop(
    desktop: Desktop, meeting: Meeting, now: datetime, policy: MeetingPolicy
) -> str | None:
    side, waited = _side(desktop.role), now - from_text(desktop.since)
    minutes = int(waited / timedelta(minutes=1))
    match desktop.state:
        case DesktopState.FAILED if not meeting.is_over:
            return f"The desktop {side} cannot be made. {desktop.reason or ''}".strip()
        case DesktopState.WANTED if waited > PATIENCE:
            return f"The desktop {side} has been waiting to be launched for {minutes} minutes."
        case DesktopState.LAUNCHING if waited > policy.boot_clock + PATIENCE:
            return f"The desktop {side} has been launching for {minutes} minutes."
        case DesktopState.RUNNING | DesktopState.ROUTED if waited > policy.health_clock + PATIENCE:
            return f"The desktop {side} runs, and has not answered for {minutes} minutes."
        case state if state in _ENDING and waited > policy.drain_clock + PATIENCE:
            return f"The desktop {side} has not ended for {minutes} minutes."
    return None


def _side(role: MeetingRole) -> str:
    return f"of the {role.value}"
