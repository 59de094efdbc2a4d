"""Lays findings on a meeting as it is now, whatever it was when they were sought."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from quadrangle.meetings.desktops import desktop_rules, launch_rules
from quadrangle.meetings.desktops.findings_model import Finding, Launched
from quadrangle.meetings.model import Desktop, Meeting, MeetingRole
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.status_rules import with_desktop


class Found(msgspec.Struct, frozen=True):
    """What was found out about one generation of a side's desktop."""

    role: MeetingRole
    generation: int
    finding: Finding

    def is_about(self, desktop: Desktop) -> bool:
        return (self.role, self.generation) == (desktop.role, desktop.generation)


def laid_on(
    meeting: Meeting, founds: Sequence[Found], now: datetime, policy: MeetingPolicy
) -> Meeting:
    """Return what findings make of a meeting."""
    for found in founds:
        desktop = _desktop_of(meeting, found)
        if desktop is not None:
            after = desktop_rules.after(desktop, found.finding, meeting, now, policy)
            meeting = with_desktop(meeting, after)
    return meeting


def unwanted(meeting: Meeting | None, founds: Sequence[Found]) -> list[str]:
    """Return the machines that were made and that the meeting has no place for any more."""
    return [
        found.finding.machine_id
        for found in founds
        if isinstance(found.finding, Launched) and not _has_place(meeting, found, found.finding)
    ]


def _has_place(meeting: Meeting | None, found: Found, launched: Launched) -> bool:
    desktop = _desktop_of(meeting, found) if meeting is not None else None
    return desktop is not None and launch_rules.fits(desktop, launched)


def _desktop_of(meeting: Meeting, found: Found) -> Desktop | None:
    return next((each for each in meeting.desktops if found.is_about(each)), None)
