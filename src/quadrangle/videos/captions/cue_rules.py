"""Cues of WebVTT and SubRip read, and written as WebVTT that holds nothing but them.

Styles, regions, notes, names of cues and unknown markup are left out, so that a file of a stranger
can do nothing in a player but show its texts.
"""

import re
from collections.abc import Iterator

import msgspec

from quadrangle.kernel.errors import InvalidInput
from quadrangle.videos.captions.encoding_rules import decoded, unreadable

MOST_CUES = 20_000
LONGEST_TEXT = 2_000  # signs of a cue as the file has it
# Signs of all cues together: a day of speech has about 1.2 million. What is said is read, escaped
# and written down whole whenever somebody asks for it, so a film of nothing but signs is refused.
MOST_TEXT = 1_500_000
TOO_MUCH = f"These lines are too long together: please keep them to {MOST_TEXT:,} characters."
_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMING = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}(.*)$")
_SETTING = re.compile(
    r"(?:align:(?:start|center|end|left|right)|(?:position|size):\d{1,3}(?:\.\d+)?%"
    r"|line:-?\d{1,3}(?:\.\d+)?%?)(?!\S)"
)
_ALLOWED = re.compile(r"</?[biu]>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<\d[\d:.]*>")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|nbsp|lrm|rlm);)")
_OVERRIDE = re.compile(r"\{\\[^{}]*\}")  # what SubRip files carry of other formats
_SIGNS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


class Cue(msgspec.Struct, frozen=True):
    """A text and when it is shown, in ms from the beginning. `settings` say where."""

    start: int
    end: int
    text: str
    settings: str = ""


def read(content: bytes) -> list[Cue]:
    """Return the cues of a file in their order. Raises InvalidInput for what has none."""
    lines = re.split(r"\r\n|\r|\n", decoded(content))
    cues = sorted(_cues(lines), key=lambda cue: (cue.start, cue.end))
    if not cues or len(cues) > MOST_CUES:
        raise unreadable()
    _check_lengths(cues)
    return cues


def too_long(text: str) -> str:
    """Return what is said of a cue's text that no cue can hold."""
    return f"Please keep a line to {LONGEST_TEXT:,} characters ({len(text):,} now), or divide it."


def _check_lengths(cues: list[Cue]) -> None:
    longest = max(cues, key=lambda cue: len(cue.text))
    if len(longest.text) > LONGEST_TEXT:
        sentence = f"The line at {clock(longest.start)}: {too_long(longest.text)}"
        raise InvalidInput.at("captions", sentence)
    if sum(len(cue.text) for cue in cues) > MOST_TEXT:
        raise InvalidInput.at("captions", TOO_MUCH)


def written(cues: list[Cue]) -> str:
    """Return cues as a WebVTT file."""
    blocks = ["WEBVTT"]
    for cue in cues:
        timing = f"{clock(cue.start)} --> {clock(cue.end)} {cue.settings}".rstrip()
        blocks.append(f"{timing}\n{cue.text}")
    return "\n\n".join(blocks) + "\n"


def cleaned(text: str) -> str:
    """Return a text as a cue may hold it: WebVTT with nothing but bold, italic and underlined."""
    return _clean(re.split(r"\r\n|\r|\n", text))


def cleaned_settings(settings: str) -> str:
    """Return what players know of where a cue is shown."""
    return " ".join(each for each in settings.split() if _SETTING.fullmatch(each))


def _cues(lines: list[str]) -> Iterator[Cue]:
    place = 0
    while place < len(lines):
        timing = _TIMING.match(lines[place])
        place += 1
        if timing is None:
            continue
        begin = place
        while place < len(lines) and lines[place].strip() and not _TIMING.match(lines[place]):
            place += 1
        text = _clean(lines[begin:place])
        start, end = _ms(timing.groups()[:4]), _ms(timing.groups()[4:8])
        if text and start < end:
            yield Cue(start, end, text, cleaned_settings(timing[9]))


def _ms(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction = parts
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def clock(ms: int) -> str:
    """Return a time as WebVTT writes it."""
    minutes, rest = divmod(ms, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


def _clean(lines: list[str]) -> str:
    """Return the text of a cue: what is left of markup is bold, italic and underlined."""
    cleaned = (_clean_line(line) for line in lines)
    return "\n".join(line for line in cleaned if line)


def _clean_line(line: str) -> str:
    text = _OVERRIDE.sub("", _SIGNS.sub("", line)).strip()
    kept: list[str] = []
    place = 0
    for tag in _TAG.finditer(text):
        kept.append(_escaped(text[place : tag.start()]))
        if _ALLOWED.fullmatch(tag[0]):
            kept.append(tag[0])
        place = tag.end()
    return "".join([*kept, _escaped(text[place:])]).strip()


def _escaped(text: str) -> str:
    return _ENTITY.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
