"""Texts that people typed, as mails show them: as typed, but for what could disguise them."""

import re

_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls cannot be shown. Overrides of the writing direction can make “exe.pdf” of “fdp.exe”;
# right-to-left scripts do not need them, as their letters carry their direction.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# What joins on to the character before or after it, and looks odd where that was cut off.
_JOINS = re.compile("[\u0300-\u036f\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]+$")
# What addresses of pages and of people have between other signs.
_IN_ADDRESSES = re.compile(r"(?<=\S)([.:/@])(?=\S)")
# What mail programs make links of: addresses of people, of pages, names that end as hosts do.
_ADDRESS = re.compile(r"\S@\S|://|\w\.[^\W\d_]{2}")


def shown(text: str) -> str:
    """Return what people typed, as it may be shown: lines end in a line feed."""
    text = text.encode(errors="replace").decode()
    return _UNSEEN.sub("", _LINE_END.sub("\n", text))


def one_line(text: str) -> str:
    """Return `shown(text)` on one line, with single spaces."""
    return " ".join(shown(text).split())


def cut(text: str, longest: int) -> str:
    """Return at most `longest` characters, an ellipsis in place of what is left out."""
    if len(text) <= longest:
        return text
    return _JOINS.sub("", text[: longest - 1]).rstrip() + "…"


def unlinked(text: str) -> str:
    """Return a text that looks the same and that mail programs make no link of, as they do of what
    looks like an address: what strangers are called is no place to lead anyone to."""
    return _IN_ADDRESSES.sub("\\1\u200b", text)


def has_address(text: str) -> bool:
    """Tell whether a mail program may make a link of something in a text."""
    return _ADDRESS.search(text) is not None
