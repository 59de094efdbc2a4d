"""The life of one desktop: (desktop, finding, now) -> desktop.

States only move on, or aside to where a desktop is ended; a finding that comes late or twice
changes nothing. What the provider does not know is no finding of an end.
"""

from datetime import datetime

import msgspec

from quadrangle.kernel.clock import to_text
from quadrangle.meetings.desktops import launch_rules
from quadrangle.meetings.desktops.end_rules import (
    NOT_ANSWERING,
    NOT_STARTED,
    STOPPED_ANSWERING,
    ended,
    gone,
    is_past,
    lost,
    moved,
)
from quadrangle.meetings.desktops.findings_model import (
    Answered,
    Finding,
    LaunchFinding,
    MachineFinding,
    Pointed,
    Seen,
    Unrouted,
)
from quadrangle.meetings.desktops.model import Machine, MachineState
from quadrangle.meetings.model import Desktop, DesktopState, Meeting
from quadrangle.meetings.policy_model import MeetingPolicy


def after(
    desktop: Desktop, finding: Finding, meeting: Meeting, now: datetime, policy: MeetingPolicy
) -> Desktop:
    """Return what a finding makes of a desktop of the meeting."""
    if isinstance(finding, LaunchFinding):
        return launch_rules.after(desktop, finding, meeting, now, policy)
    return _after(desktop, finding, now, policy)


def _after(
    desktop: Desktop, finding: MachineFinding, now: datetime, policy: MeetingPolicy
) -> Desktop:
    match finding:
        case Seen(Machine() as machine):
            return _seen(desktop, machine, now, policy)
        case Seen():
            return _unknown(desktop, now, policy)
        case Pointed():
            return _pointed(desktop, finding, now)
        case Unrouted():
            return _unrouted(desktop, now)
        case Answered(healthy):
            return _answered(desktop, now) if healthy else _silent(desktop, now, policy)


def _unknown(desktop: Desktop, now: datetime, policy: MeetingPolicy) -> Desktop:
    if desktop.machine_id is None or not is_past(desktop.since, policy.boot_clock, now):
        return desktop
    if desktop.state is DesktopState.LAUNCHING:
        return lost(desktop, NOT_STARTED, now)
    return gone(desktop, now) if desktop.state is DesktopState.TERMINATING else desktop


def _seen(desktop: Desktop, machine: Machine, now: datetime, policy: MeetingPolicy) -> Desktop:
    if desktop.machine_id != machine.machine_id or desktop.is_settled:
        return desktop
    if machine.state is MachineState.GONE:
        return ended(desktop, now)
    if machine.state is MachineState.RUNNING:
        return _running(desktop, machine.address, now, policy)
    if desktop.state is DesktopState.LAUNCHING and is_past(desktop.since, policy.boot_clock, now):
        return lost(desktop, NOT_STARTED, now)
    return desktop


def _running(
    desktop: Desktop, address: str | None, now: datetime, policy: MeetingPolicy
) -> Desktop:
    if not desktop.is_living:
        return desktop
    if desktop.state is DesktopState.LAUNCHING:
        running_at = to_text(now)
        return moved(desktop, DesktopState.RUNNING, now, running_at=running_at, address=address)
    if address is not None and address != desktop.address:
        return moved(desktop, DesktopState.RUNNING, now, address=address, link=None)
    if desktop.address is None and is_past(desktop.running_at, policy.health_clock, now):
        return lost(desktop, NOT_ANSWERING, now)
    return desktop


def _pointed(desktop: Desktop, finding: Pointed, now: datetime) -> Desktop:
    if desktop.state is not DesktopState.RUNNING or desktop.address != finding.address:
        return desktop
    return moved(desktop, DesktopState.ROUTED, now, link=finding.link)


def _unrouted(desktop: Desktop, now: datetime) -> Desktop:
    if desktop.state is DesktopState.DRAINING:
        return moved(desktop, DesktopState.TERMINATING, now, address=None, link=None)
    if desktop.state is DesktopState.TERMINATING:
        return msgspec.structs.replace(desktop, address=None, link=None)
    return desktop


def _answered(desktop: Desktop, now: datetime) -> Desktop:
    if desktop.state is DesktopState.ROUTED:
        return moved(desktop, DesktopState.HEALTHY, now, healthy_at=to_text(now), failed_checks=0)
    if desktop.state is DesktopState.HEALTHY and desktop.failed_checks:
        return msgspec.structs.replace(desktop, failed_checks=0, checked_at=to_text(now))
    return desktop


def _silent(desktop: Desktop, now: datetime, policy: MeetingPolicy) -> Desktop:
    if desktop.state is DesktopState.ROUTED and is_past(
        desktop.running_at, policy.health_clock, now
    ):
        return lost(desktop, NOT_ANSWERING, now)
    if desktop.state is DesktopState.HEALTHY and _counts(desktop, now, policy):
        return _failed_check(desktop, now, policy)
    return desktop


def _counts(desktop: Desktop, now: datetime, policy: MeetingPolicy) -> bool:
    """Tell whether a check counts: those that come at once ask the same thing twice."""
    return desktop.checked_at is None or is_past(desktop.checked_at, policy.check_every, now)


def _failed_check(desktop: Desktop, now: datetime, policy: MeetingPolicy) -> Desktop:
    failed = desktop.failed_checks + 1
    counted = msgspec.structs.replace(desktop, failed_checks=failed, checked_at=to_text(now))
    return counted if failed < policy.failed_checks else lost(counted, STOPPED_ANSWERING, now)
