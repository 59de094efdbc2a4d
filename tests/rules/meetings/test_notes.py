"""What may stand in a teacher's note."""

from datetime import UTC, datetime

import pytest

from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import InvalidInput
from quadrangle.kernel.principal import ANYONE
from quadrangle.meetings.model import Meeting
from quadrangle.meetings.outcome import note_rules
from quadrangle.meetings.outcome.model import Note

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
AT = to_text(NOW)
MEETING = Meeting("m1", "Ada", "Bo", AT, AT[:16], "Europe/Berlin", AT, AT, "", "", joined_at=AT)


def written(text: str) -> str:
    note, _ = note_rules.write(Note("m1"), text, MEETING, ANYONE, NOW, is_shared=True)
    return note.text


def test_a_note_has_lines():
    assert written(" Bring a pen\r\n\tand paper ") == "Bring a pen\r\n\tand paper"
    assert written("  ") == ""


@pytest.mark.parametrize("text", ["a\0b", "a\x1b[31mb", "\x7f"])
def test_what_cannot_be_shown_is_refused(text: str):
    with pytest.raises(InvalidInput):
        written(text)
