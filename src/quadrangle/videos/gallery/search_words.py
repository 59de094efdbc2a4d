"""What counts as a word, in texts and in what people look for."""

import re

from quadrangle.kernel.text import folded

MOST_WORDS = 12
LONGEST_WORD = 64
_WORD = re.compile(r"[^\W_]+")


def words_in(text: str) -> list[str]:
    """Return the words of a text in order, in small letters and without accents."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(folded(text))]


def words_of(search: str) -> tuple[str, ...]:
    """Return the words that somebody looks for."""
    return tuple(dict.fromkeys(words_in(search)))[:MOST_WORDS]
