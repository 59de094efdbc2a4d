"""Cues as a SubRip file, for programs that read no WebVTT."""

from quadrangle.videos.captions.cue_rules import Cue, clock
from quadrangle.videos.captions.passage_rules import typed


def subrip(cues: list[Cue]) -> str:
    """Return cues as a SubRip file."""
    blocks = [
        f"{number}\n{_time(cue.start)} --> {_time(cue.end)}\n{_plain(cue.text)}"
        for number, cue in enumerate(cues, 1)
    ]
    return "\n\n".join(blocks) + "\n"


def _plain(text: str) -> str:
    """Return what is said; SubRip has no escapes, so nothing in it may look like a time."""
    return typed(text).replace("-->", "→")


def _time(ms: int) -> str:
    return clock(ms).replace(".", ",")
