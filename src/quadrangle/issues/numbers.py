"""What people call a report by: eight digits of its id, on pages, in mails and on paper."""

import re

_DIGITS = 8
_VERSION_AT = 14  # in the text of a UUID
_NUMBER = re.compile(r"\[([0-9a-f]{8})\]|^\s*(?:no\.?\s*|#)?([0-9a-f]{8})\s*$", re.IGNORECASE)


def number_of(issue_id: str) -> str:
    """Return the eight digits that a report goes by; `numberOf` of the pages says the same.

    An ordered id begins with its time, which is alike for all reports of a minute: those go by
    its end. Reports with a random id keep the beginning that is in mails and on paper already.
    """
    return issue_id[-_DIGITS:] if is_ordered(issue_id) else issue_id[:_DIGITS]


def is_ordered(issue_id: str) -> bool:
    """Tell whether an id is one of kernel.ids.ordered_id."""
    return issue_id[_VERSION_AT : _VERSION_AT + 1] == "7"


def number_in(text: str) -> str | None:
    """Return the number that somebody typed, or that a pasted subject of a mail has in brackets;
    None when there is none. `numberIn` of the pages does the same."""
    found = _NUMBER.search(text)
    return (found[1] or found[2]).lower() if found else None
