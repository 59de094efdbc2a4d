"""One meeting as a file to put into a calendar."""

from quadrangle.kernel.errors import NotFound
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.calendar import published
from quadrangle.meetings.calendar.model import CalendarEntry, Organizer
from quadrangle.meetings.calendar.ports import JoinLinks
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.ports import MeetingStore
from quadrangle.meetings.scheduling.rules import may_see
from quadrangle.meetings.writing import existing


class CalendarFiles:
    """Writes `.ics` files. Each side's holds their own link, and nobody else's any."""

    def __init__(self, meetings: MeetingStore, links: JoinLinks, organizer: Organizer) -> None:
        self._meetings = meetings
        self._links = links
        self._organizer = organizer

    async def read(self, meeting_id: str, actor: Principal, side: MeetingRole | None = None) -> str:
        """Return the iCalendar text of a meeting. `side` is the one whose link the caller holds.

        Raises NotFound, also for who may not know of it, and Unavailable.
        """
        meeting = await existing(self._meetings, meeting_id)
        role = side or _side_of(meeting, actor)
        if role is None and not may_see(meeting, actor):
            raise NotFound("Meeting not found")
        link = None if role is None else self._links.link(meeting, role)
        entry = CalendarEntry(meeting, role or MeetingRole.TEACHER, link)
        return published.file_of(entry, self._organizer)


def _side_of(meeting: Meeting, actor: Principal) -> MeetingRole | None:
    if actor.account_id is None:
        return None
    sides = {
        meeting.student_id: MeetingRole.STUDENT,
        meeting.teacher_id: MeetingRole.TEACHER,
    }
    return sides.get(actor.account_id)
