"""When things begin and end for a meeting. Instants are datetimes in UTC."""

from datetime import datetime, timedelta

from quadrangle.kernel.clock import from_text
from quadrangle.meetings.model import Desktop, Meeting, MeetingRole
from quadrangle.meetings.policy_model import MeetingPolicy


def begins_at(meeting: Meeting) -> datetime:
    """Return what all windows count from."""
    return from_text(meeting.begins)


def ends_at(meeting: Meeting) -> datetime:
    """Return the hard end, with what was added in session."""
    return begins_at(meeting) + timedelta(minutes=meeting.minutes + meeting.extended_minutes)


def machines_end_at(meeting: Meeting, policy: MeetingPolicy) -> datetime:
    """Return when a machine launched now ends itself: past every end an extension could bring."""
    longest = timedelta(minutes=meeting.minutes + policy.max_extension_minutes)
    return begins_at(meeting) + longest + policy.grace


def launch_at(meeting: Meeting, policy: MeetingPolicy) -> datetime:
    """Return from when on desktops are launched."""
    return begins_at(meeting) - policy.lead_of(meeting.workspace)


def expires_at(meeting: Meeting, policy: MeetingPolicy) -> datetime:
    """Return when a meeting that nobody joined is over."""
    return min(begins_at(meeting) + policy.safety_net, ends_at(meeting))


def no_show_at(desktop: Desktop, meeting: Meeting, policy: MeetingPolicy) -> datetime:
    """Return when a desktop ends whose person has not come.

    One that was made later, for someone who came late, waits as long.
    """
    return max(begins_at(meeting), from_text(desktop.wanted_at)) + policy.safety_net


def may_launch(meeting: Meeting, now: datetime, policy: MeetingPolicy) -> bool:
    """Tell whether a desktop may be launched now: in the window, or while people are at work."""
    if meeting.is_over or now < launch_at(meeting, policy):
        return False
    if meeting.joined_at is not None:
        return now < ends_at(meeting)
    return now <= begins_at(meeting) + policy.grace and now < expires_at(meeting, policy)


def is_past(meeting: Meeting, now: datetime, policy: MeetingPolicy) -> bool:
    """Tell whether a meeting is over by the clock, though nobody may have written it down yet."""
    if meeting.is_over or now >= ends_at(meeting):
        return True
    return meeting.joined_at is None and now >= expires_at(meeting, policy)


def wants(meeting: Meeting, role: MeetingRole) -> bool:
    """Tell whether a side is to have a desktop while the meeting lasts."""
    return not meeting.is_over and role not in meeting.released
