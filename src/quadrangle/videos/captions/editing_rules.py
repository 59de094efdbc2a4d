"""Cues as somebody typed them, checked before they are kept."""

from collections.abc import Sequence

from quadrangle.kernel.errors import InvalidInput
from quadrangle.kernel.text import Checked
from quadrangle.videos.captions.cue_rules import (
    LONGEST_TEXT,
    MOST_CUES,
    MOST_TEXT,
    TOO_MUCH,
    Cue,
    cleaned,
    cleaned_settings,
    too_long,
)
from quadrangle.videos.captions.passage_rules import spoken

_LONGEST_MS = 1000 * 3600 * 100
_MOST_FAULTS = 20


def checked_cues(cues: Sequence[Cue]) -> list[Cue]:
    """Return cues in their order, with texts as files hold them. Raises InvalidInput, which names
    each by its place in what was given."""
    if not cues:
        raise InvalidInput.at("cues", "Please keep at least one line, or delete the captions.")
    if len(cues) > MOST_CUES:
        raise InvalidInput.at("cues", f"There can be {MOST_CUES} lines at most.")
    checked = Checked()
    kept = [_checked(checked, f"cues.{number}", cue) for number, cue in enumerate(cues)]
    if checked.errors:
        raise InvalidInput(checked.errors[:_MOST_FAULTS])
    if sum(len(cue.text) for cue in kept) > MOST_TEXT:
        raise InvalidInput.at("cues", TOO_MUCH)
    return sorted(kept, key=lambda cue: (cue.start, cue.end))


def _checked(checked: Checked, field: str, cue: Cue) -> Cue:
    text = cleaned(cue.text)
    if not spoken(text):
        checked.fault(f"{field}.text", "Please write what is said here, or delete the line.")
    elif len(text) > LONGEST_TEXT:
        checked.fault(f"{field}.text", too_long(text))
    if not 0 <= cue.start < _LONGEST_MS:
        checked.fault(f"{field}.start", "Please give a time within the video.")
    elif not cue.start < cue.end <= _LONGEST_MS:
        checked.fault(f"{field}.end", "Please let the line end after it begins.")
    return Cue(cue.start, cue.end, text, cleaned_settings(cue.settings))
