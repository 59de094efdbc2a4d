"""Machines that were reaped, on SQL: the feed holds them, as changes of one subject."""

from quadrangle.kernel.change import Change
from quadrangle.kernel.principal import SYSTEM
from quadrangle.meetings.model import MeetingRole
from quadrangle.meetings.oversight.model import Reaped
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed

SUBJECT = "meetings-reaper"
KIND = "meeting.machine-reaped"


class SqlReapLog:
    """Implements meetings.ports.ReapLog."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, reaped: Reaped) -> None:
        data = {
            "machineId": reaped.machine_id,
            "meetingId": reaped.meeting_id,
            "role": reaped.role.value,
        }
        change = Change(kind=KIND, subject=SUBJECT, data=data, actor=SYSTEM.name, at=reaped.at)
        await self._database.write(lambda c: feed.append(c, change))

    async def recent(self, limit: int) -> list[Reaped]:
        changes = await self._database.read(lambda c: feed.of_subject(c, SUBJECT))
        return [_reaped(change) for change in reversed(changes[-limit:])]


def _reaped(change: Change) -> Reaped:
    data = change.data
    return Reaped(data["machineId"], data["meetingId"], MeetingRole(data["role"]), change.at)
