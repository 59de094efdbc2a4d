"""What becomes of a teacher's note."""

from datetime import datetime

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, Forbidden, InvalidInput
from quadrangle.kernel.principal import Principal
from quadrangle.kernel.text import Checked
from quadrangle.meetings.joining.acting_rules import is_person
from quadrangle.meetings.joining.seats import View
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.outcome.model import Note
from quadrangle.meetings.status_rules import fact

NOTE_WRITTEN = "meeting.note-written"
MAX_NOTE = 5000  # characters


def write(
    note: Note, text: str, meeting: Meeting, actor: Principal, now: datetime, *, is_shared: bool
) -> tuple[Note, list[Change]]:
    """Put a text in the note's place; an empty one removes it. Raises InvalidInput, Conflict."""
    if meeting.joined_at is None:
        raise Conflict("There is nothing to note yet: nobody has joined this meeting.")
    if len(text) > MAX_NOTE:
        raise InvalidInput.at("text", f"A note can have {MAX_NOTE} characters.")
    text, is_shared = _cleaned(text), is_shared and bool(text.strip())
    if (text, is_shared) == (note.text, note.is_shared):
        return note, []
    at = to_text(now)
    written = msgspec.structs.replace(note, text=text, is_shared=is_shared, written_at=at)
    return written, [fact(NOTE_WRITTEN, meeting, {"shared": is_shared}, actor, at)]


def _cleaned(text: str) -> str:
    if not text.strip():
        return ""
    checked = Checked()
    cleaned = checked.text("text", text, MAX_NOTE)
    if checked.errors:
        raise InvalidInput(checked.errors)
    return cleaned


def seen_by(note: Note, view: View) -> Note | None:
    """Return the note for who may read it: the teacher, and once shared both sides, also by their
    links. It is not for staff."""
    if not note.text:
        return None
    if is_teacher(view) or (view.side is not None and note.is_shared):
        return note
    return None


def is_teacher(view: View) -> bool:
    """Tell whether it surely is the teacher who looks: by their account where they have one."""
    teacher = MeetingRole.TEACHER
    return view.side is teacher and is_person(view.meeting, teacher, view.who)


def require_teacher(view: View) -> None:
    """Raise Forbidden for whoever writes no notes."""
    if view.side is not MeetingRole.TEACHER:
        raise Forbidden("Notes are written by the teacher of the meeting.")
    if not is_teacher(view):
        raise Forbidden("Please sign in with your account to write your note.")
