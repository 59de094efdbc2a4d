"""How a desktop is ended: its name first, then its machine."""

from datetime import datetime, timedelta

import msgspec

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.meetings.model import Desktop, DesktopState
from quadrangle.meetings.policy_model import MeetingPolicy

NOT_STARTED = "It did not start in time."
NOT_ANSWERING = "It did not answer in time."
STOPPED_ANSWERING = "It stopped answering."
ENDED_BY_ITSELF = "It ended by itself."


def moved(desktop: Desktop, state: DesktopState, now: datetime, **values: object) -> Desktop:
    """Return the desktop in another state from now on."""
    return msgspec.structs.replace(desktop, state=state, since=to_text(now), **values)


def is_past(since: str | None, clock: timedelta, now: datetime) -> bool:
    """Tell whether that much time has gone by since an instant."""
    return since is not None and now >= from_text(since) + clock


def drained(desktop: Desktop, reason: str, now: datetime) -> Desktop:
    """Begin to end a desktop; nothing is to be done where nothing was launched."""
    if not desktop.is_living:
        return desktop
    if desktop.state is DesktopState.WANTED and not desktop.address:
        return moved(desktop, DesktopState.GONE, now, reason=reason)
    state = DesktopState.DRAINING if desktop.address else DesktopState.TERMINATING
    return moved(desktop, state, now, reason=reason)


def lost(desktop: Desktop, reason: str, now: datetime) -> Desktop:
    """Begin to end a desktop that is of no use, and count whether it ever was."""
    failures = 0 if desktop.healthy_at else desktop.failures + 1
    return msgspec.structs.replace(drained(desktop, reason, now), failures=failures)


def ended(desktop: Desktop, now: datetime) -> Desktop:
    """Have done with a desktop whose machine has ended: what may be left of it is a name."""
    if desktop.is_living:
        desktop = lost(desktop, ENDED_BY_ITSELF, now)
    return gone(desktop, now) if desktop.state is DesktopState.TERMINATING else desktop


def gone(desktop: Desktop, now: datetime) -> Desktop:
    """Have done with a desktop, unless a name may still lead to it."""
    return desktop if desktop.address else moved(desktop, DesktopState.GONE, now)


def clocked(desktop: Desktop, now: datetime, policy: MeetingPolicy) -> Desktop:
    """Have a machine end that has waited too long for its name to be taken off."""
    if desktop.state is DesktopState.DRAINING and is_past(desktop.since, policy.drain_clock, now):
        return moved(desktop, DesktopState.TERMINATING, now)
    return desktop
