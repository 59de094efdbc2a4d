"""What becomes of a teacher's note."""

from datetime import datetime

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, Forbidden, InvalidInput
from quadrangle.kernel.principal import Principal
from quadrangle.kernel.text import Checked
from quadrangle.meetings.joining.acting_rules import is_person
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
    text = _cleaned(text)
    is_shared = is_shared and bool(text)
    if (text, is_shared) == (note.text, note.is_shared):
        return note, []
    at = to_text(now)
    written = msgspec.structs.replace(note, text=text, is_shared=is_shared, written_at=at)
    return written, [fact(NOTE_WRITTEN, meeting, {"shared": is_shared}, actor, at)]


def _cleaned(text: str) -> str:
    checked = Checked()
    cleaned = checked.optional_text("text", text, MAX_NOTE)
    if checked.errors:
        raise InvalidInput(checked.errors)
    return cleaned


def seen_by(note: Note, meeting: Meeting, side: MeetingRole | None, who: Principal) -> Note | None:
    """Return the note for who may read it: the teacher, and once shared both sides, also by their
    links. It is not for staff, whose `side` is None."""
    if not note.text:
        return None
    if is_teacher(meeting, side, who) or (side is not None and note.is_shared):
        return note
    return None


def is_teacher(meeting: Meeting, side: MeetingRole | None, who: Principal) -> bool:
    """Tell whether it surely is the teacher who looks: by their account where they have one."""
    return side is MeetingRole.TEACHER and is_person(meeting, side, who)


def require_teacher(meeting: Meeting, side: MeetingRole | None, who: Principal) -> None:
    """Raise Forbidden for whoever writes no notes."""
    if side is not MeetingRole.TEACHER:
        raise Forbidden("Notes are written by the teacher of the meeting.")
    if not is_teacher(meeting, side, who):
        raise Forbidden("Please sign in with your account to write your note.")
