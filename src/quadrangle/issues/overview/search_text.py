"""Words of a text as every search index has them."""

import re
import unicodedata

from quadrangle.issues.model import Issue

_WORD = re.compile(r"[^\W_]+")
_ID_BEGINNING = re.compile(r"[0-9a-f][0-9a-f-]{5,35}")
MAX_WORDS = 8  # of a query: more narrows nothing further
SHORTEST_PREFIX = 2


def words(text: str) -> list[str]:
    """Return the words of `text` in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))


def id_beginning(text: str) -> str | None:
    """Return the beginning of an id, of six characters or more, when `text` looks like one."""
    plain = text.strip().lower()
    return plain if _ID_BEGINNING.fullmatch(plain) else None


def words_of(issue: Issue) -> list[str]:
    """What staff may search for: the texts and who reported it. Ids are looked up apart."""
    parts = (
        issue.description,
        issue.issue_type,
        issue.location,
        issue.reporter_name or "",
        issue.reporter_email or "",
    )
    return [word for part in parts for word in words(part)]
