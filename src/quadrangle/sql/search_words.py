"""Words of a text as both databases index them, and queries made of them."""

import hashlib
import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
MAX_WORDS = 8  # of a query: more narrows nothing further
SHORTEST_PREFIX = 2  # the search index keeps beginnings from two letters on


def words(text: str) -> list[str]:
    """Return the words of `text` in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))


def facet(field: str, value: str) -> str:
    """Return one word that stands for `field` being `value`, so that a filter is a search word."""
    digest = hashlib.sha256(value.encode()).hexdigest()[:12]
    return f"zq{field}{digest}"


def fts5_query(text: str, facets: list[str]) -> str | None:
    """Return an FTS5 query: all words, the last one as a beginning. None when there are none."""
    wanted = words(text)[:MAX_WORDS]
    if not wanted:
        return None
    terms = [f'"{word}"' for word in [*facets, *wanted]]
    if len(wanted[-1]) >= SHORTEST_PREFIX:
        terms[-1] += "*"
    return " AND ".join(terms)


def tsquery(text: str) -> str | None:
    """Return the same as a PostgreSQL tsquery."""
    wanted = words(text)[:MAX_WORDS]
    if not wanted:
        return None
    terms = [f"'{word}'" for word in wanted]
    if len(wanted[-1]) >= SHORTEST_PREFIX:
        terms[-1] += ":*"
    return " & ".join(terms)
