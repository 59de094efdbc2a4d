"""What the teacher notes on the outcome of a meeting."""

from quadrangle.meetings.materials.model import Sheet


class Note(Sheet, frozen=True):
    """`is_shared`: the student reads it too. Without text there is none."""

    text: str = ""
    is_shared: bool = False
    written_at: str | None = None
