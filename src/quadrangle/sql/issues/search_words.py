"""Queries for words, as both databases want them."""

import hashlib
from collections.abc import Callable, Sequence

from quadrangle.issues.overview.search_text import MAX_WORDS, SHORTEST_PREFIX, words

LONGEST_INDEXED_PREFIX = 3  # as the full-text index of migrations/step_0001.py has it
MAX_COMPLETIONS = 64

# Returns known words that begin with a text, at most so many.
Complete = Callable[[str, int], Sequence[str]]


def facet(field: str, value: str) -> str:
    """Return one word that stands for `field` being `value`, so that a filter is a search word."""
    digest = hashlib.sha256(value.encode()).hexdigest()[:12]
    return f"zq{field}{digest}"


def number_word(number: str) -> str:
    """Return the word that stands for a report's number (issues/numbers.py)."""
    return f"zqn{number}"


def fts5_query(text: str, facets: list[str], complete: Complete) -> str | None:
    """Return an FTS5 query: all words, the last one as a beginning. None when there are none.

    FTS5 reads every hit of a beginning that is longer than its index of beginnings before it gives
    the first; of whole words it gives hits one by one. So such a beginning becomes the words it
    may be the beginning of.
    """
    wanted = words(text)[:MAX_WORDS]
    if not wanted:
        return None
    *whole, last = [*facets, *wanted]
    return " AND ".join([*(f'"{word}"' for word in whole), _beginning(last, complete)])


def _beginning(last: str, complete: Complete) -> str:
    if len(last) < SHORTEST_PREFIX:
        return f'"{last}"'
    if len(last) <= LONGEST_INDEXED_PREFIX:
        return f'"{last}"*'
    known = complete(last, MAX_COMPLETIONS) or [last]
    return "(" + " OR ".join(f'"{word}"' for word in known) + ")"


def tsquery(text: str) -> str | None:
    """Return the same as a PostgreSQL tsquery."""
    wanted = words(text)[:MAX_WORDS]
    if not wanted:
        return None
    terms = [f"'{word}'" for word in wanted]
    if len(wanted[-1]) >= SHORTEST_PREFIX:
        terms[-1] += ":*"
    return " & ".join(terms)
