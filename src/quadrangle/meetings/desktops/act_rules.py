"""What is to be asked or done next for a desktop."""

from datetime import datetime, timedelta
from enum import StrEnum

from quadrangle.kernel.clock import from_text
from quadrangle.meetings.model import Attempt, Desktop, DesktopState, Meeting
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.window_rules import may_launch


class Act(StrEnum):
    PLACE = "place"  # choose where to launch
    LAUNCH = "launch"
    FIND = "find"  # by its token
    ROUTE = "route"
    CHECK = "check"
    TAKE_OFF = "take off"  # its name
    TERMINATE = "terminate"


def acts_for(
    desktop: Desktop, meeting: Meeting, now: datetime, policy: MeetingPolicy
) -> tuple[Act, ...]:
    """Return what to do now, beside looking whether its machine is there."""
    match desktop.state:
        case DesktopState.WANTED:
            due = may_launch(meeting, now, policy) and now >= launches_at(desktop, policy)
            return (Act.PLACE,) if due else ()
        case DesktopState.LAUNCHING if desktop.machine_id is None:
            # An attempt whose answer was lost is made again, exactly, but only in its time.
            return (Act.LAUNCH,) if may_launch(meeting, now, policy) else (Act.FIND,)
        case DesktopState.RUNNING if desktop.address is not None:
            return (Act.ROUTE,)
        case DesktopState.ROUTED | DesktopState.HEALTHY:
            return (Act.CHECK,)
        case DesktopState.DRAINING:
            return (Act.TAKE_OFF,)
        case DesktopState.TERMINATING:
            end = Act.FIND if desktop.machine_id is None else Act.TERMINATE
            return (Act.TAKE_OFF, end) if desktop.address else (end,)
        case _:
            return ()


def launches_at(desktop: Desktop, policy: MeetingPolicy) -> datetime:
    """Return when the next attempt may begin: there was no room for the last one just now."""
    since = from_text(desktop.since)
    return since if desktop.attempt is None else since + _pause(desktop.attempt, policy)


def _pause(last: Attempt, policy: MeetingPolicy) -> timedelta:
    return policy.room_pause * last.number
