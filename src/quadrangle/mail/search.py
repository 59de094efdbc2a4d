"""What staff searches mails by: an address, the number of a report, words of the subject. Pure:
stores may narrow what they read by `words`, and ask `fits` for the rest."""

import re

import msgspec

from quadrangle.kernel.text import storable
from quadrangle.mail.model import OutboxEntry

LONGEST = 200  # characters of what is typed
_MOST_WORDS = 12  # more narrows nothing further
# A number as it is typed, and as it stands in a pasted subject, which may begin with "Re:".
_TYPED = re.compile(r"\s*(?:no\.?\s*|#)([0-9a-f]{8})\s*", re.IGNORECASE)
_PASTED = re.compile(r"\[[0-9a-f]{8}\]", re.IGNORECASE)


class MailSearch(msgspec.Struct, frozen=True):
    """All of `words`, in small letters, stand somewhere in the address or in the subject."""

    words: tuple[str, ...]

    def fits(self, mail: OutboxEntry) -> bool:
        return all(word in f"{mail.to}\n{mail.subject}".lower() for word in self.words)


def search_for(typed: str) -> MailSearch | None:
    """Return what to search by; None where nothing is asked for."""
    text = storable(typed)
    if number := _PASTED.search(text):
        return MailSearch((number[0].lower(),))
    if number := _TYPED.fullmatch(text):
        return MailSearch((number[1].lower(),))
    words = text.lower().split()[:_MOST_WORDS]
    return MailSearch(tuple(dict.fromkeys(words))) if words else None
