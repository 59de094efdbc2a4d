"""Words as they were heard, put into cues that people can read in time.

A cue has at most two lines of 42 signs and lasts at most 7 s: what broadcasters' guides agree on
(BBC: 37 signs by size of screen, Netflix: 42 and 7 s).
"""

from collections.abc import Iterator, Sequence

from quadrangle.videos.captions.cue_rules import Cue, cleaned
from quadrangle.videos.speech.model import Word

LONGEST_LINE = 42
_LONGEST = 2 * LONGEST_LINE
_LONGEST_S = 7.0
_PAUSE_S = 1.2  # a silence that ends a cue
_LEAST_S = 1.0  # shorter ones cannot be read
_LINGERS_S = 1.0  # how much longer than its words a cue may stand
_SENTENCE_ENDS = (".", "?", "!", "…")
_WORTH_A_CUE = 24  # signs: a shorter sentence is shown with the next one


def cues_of(words: Sequence[Word]) -> list[Cue]:
    """Return the cues of words, in order and none over another."""
    groups = list(_groups([word for word in words if word.text.strip() and word.end > word.start]))
    cues: list[Cue] = []
    for number, group in enumerate(groups):
        start = max(_ms(group[0].start), cues[-1].end if cues else 0)
        spoken = _ms(group[-1].end)
        following = _ms(groups[number + 1][0].start) if number + 1 < len(groups) else None
        wanted = max(spoken, start + _ms(_LEAST_S))
        end = wanted if following is None else min(wanted, max(following, spoken))
        end = min(end, spoken + _ms(_LINGERS_S))
        text = cleaned(_lines(_text(group)))
        if start < end and text:
            cues.append(Cue(start, end, text))
    return cues


def _groups(words: Sequence[Word]) -> Iterator[list[Word]]:
    group: list[Word] = []
    for word in words:
        if group and _ends_before(group, word):
            yield group
            group = []
        group.append(word)
    if group:
        yield group


def _ends_before(group: list[Word], word: Word) -> bool:
    text = _text(group)
    if word.start - group[-1].end >= _PAUSE_S or word.end - group[0].start > _LONGEST_S:
        return True
    if len(text) + len(word.text) > _LONGEST:
        return True
    return len(text) >= _WORTH_A_CUE and text.endswith(_SENTENCE_ENDS)


def _text(group: Sequence[Word]) -> str:
    return " ".join("".join(word.text for word in group).split())


def _lines(text: str) -> str:
    """Return a text in two lines of about one length where one would be too long."""
    if len(text) <= LONGEST_LINE:
        return text
    places = [place for place, sign in enumerate(text) if sign == " "]
    if not places:
        return text
    middle = min(places, key=lambda place: abs(place - len(text) / 2))
    return f"{text[:middle]}\n{text[middle + 1 :]}"


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
