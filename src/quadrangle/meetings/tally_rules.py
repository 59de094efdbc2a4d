"""How often a meeting may be moved and its links renewed: each is a mail to its people, and a move
to the present starts desktops."""

from datetime import datetime, timedelta

import msgspec

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.errors import Conflict, TooManyRequests
from quadrangle.meetings.model import Meeting, Tally
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.window_rules import launch_at

_HOUR = timedelta(hours=1)
TOO_OFTEN = "This meeting was changed too often within an hour. Please wait a while."
HURRIED = (
    "This meeting was moved too often to a time that is almost here. "
    "Please choose one that is further ahead."
)


def changed(meeting: Meeting, now: datetime, policy: MeetingPolicy) -> Meeting:
    """Count a change by its teacher. Raises TooManyRequests for one too many within an hour."""
    since = to_text(now - _HOUR)
    lately = [at for at in meeting.tally.lately if at > since]
    if len(lately) >= policy.changes_per_hour:
        wait = from_text(lately[0]) + _HOUR - now
        raise TooManyRequests(TOO_OFTEN, retry_after_s=max(1.0, wait.total_seconds()))
    return _with(meeting, lately=(*lately, to_text(now)))


def moved_by_student(meeting: Meeting) -> Meeting:
    """Count a move by its student."""
    return _with(meeting, by_student=meeting.tally.by_student + 1)


def given_back(meeting: Meeting) -> Meeting:
    """Note that it is its student who calls a meeting off."""
    return _with(meeting, given_back=True)


def hurried(meeting: Meeting, now: datetime, policy: MeetingPolicy) -> Meeting:
    """Count a move, once made, where its desktops are launched at once. Raises Conflict for one
    too many."""
    if now < launch_at(meeting, policy):
        return meeting
    if meeting.tally.hurried >= policy.hurried_moves:
        raise Conflict(HURRIED)
    return _with(meeting, hurried=meeting.tally.hurried + 1)


def _with(meeting: Meeting, **values: object) -> Meeting:
    tally: Tally = msgspec.structs.replace(meeting.tally, **values)
    return msgspec.structs.replace(meeting, tally=tally)
