"""Machines that were reaped, as changes of one subject."""

from quadrangle.kernel.change import Change
from quadrangle.kernel.principal import SYSTEM
from quadrangle.meetings.model import MeetingRole
from quadrangle.meetings.oversight.model import Reaped

SUBJECT = "meetings-reaper"
KIND = "meeting.machine-reaped"


def change_of(reaped: Reaped) -> Change:
    """Return the change record of a machine that was reaped."""
    data = {
        "machineId": reaped.machine_id,
        "meetingId": reaped.meeting_id,
        "role": reaped.role.value,
    }
    return Change(kind=KIND, subject=SUBJECT, data=data, actor=SYSTEM.name, at=reaped.at)


def reaped_of(change: Change) -> Reaped:
    """Return which machine such a change record is of."""
    data = change.data
    return Reaped(data["machineId"], data["meetingId"], MeetingRole(data["role"]), change.at)
