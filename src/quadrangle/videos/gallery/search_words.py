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


def missing_words(words: tuple[str, ...], *texts: str) -> tuple[str, ...]:
    """Return those of a search's words that stand in none of some texts; the last may go on."""
    there = {word for text in texts for word in words_in(text)}
    last = words[-1]
    return tuple(
        word
        for word in words
        if word not in there and not (word == last and any(each.startswith(last) for each in there))
    )


def marked(text: str, words: tuple[str, ...]) -> list[tuple[str, bool]]:
    """Return a text in parts, and whether each is one of the words; the last may go on."""
    parts: list[tuple[str, bool]] = []
    place = 0
    for token in _WORD.finditer(text):
        word = folded(token[0])
        if word not in words and not word.startswith(words[-1]):
            continue
        if token.start() > place:
            parts.append((text[place : token.start()], False))
        parts.append((token[0], True))
        place = token.end()
    return [*parts, (text[place:], False)] if place < len(text) else parts
