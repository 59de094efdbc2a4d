"""Names and addresses as iCalendar takes them."""

from urllib.parse import quote

from quadrangle.letters.texts import one_line
from quadrangle.meetings.model import Meeting, MeetingRole, other_side

# What RFC 6068 lets stand for itself, of what addresses have.
_PLAIN = "@!$'*+-._~"
KEEP_TO_YOURSELF = "Keep this link to yourself: whoever has it joins as you."


def name_of(meeting: Meeting, role: MeetingRole) -> str:
    """Return the name of one side on one line, without what could disguise it."""
    name = meeting.teacher_name if role is MeetingRole.TEACHER else meeting.student_name
    return one_line(name)


def title(meeting: Meeting, role: MeetingRole) -> str:
    """Return what one side's calendar calls a meeting: by whom they meet."""
    return f"Meeting with {name_of(meeting, other_side(role))}"


def common_name(name: str) -> str:
    """Return a name as a parameter holds it: not every reader knows how quotes are escaped there
    (RFC 6868), so that they become apostrophes."""
    return one_line(name).replace('"', "'")


def mailto(address: str) -> str:
    """Return the URI of an e-mail address (RFC 6068)."""
    return "mailto:" + quote(address, safe=_PLAIN)
