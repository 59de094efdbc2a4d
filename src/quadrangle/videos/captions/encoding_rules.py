"""What signs the bytes of a file of captions stand for."""

import codecs

from quadrangle.kernel.errors import InvalidInput

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE = 2000
# the sign of each byte
_WESTERN = "".join(
    bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in range(256)
)


def decoded(content: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 with or without a mark, else Windows-1252.

    Raises InvalidInput for what is no text.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _text(content[len(mark) :], encoding)
    if b"\0" in content[:_SAMPLE]:
        return _text(content, _sixteen_bits(content))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _western(content)


def _sixteen_bits(content: bytes) -> str:
    """Tell by where the zeros of Latin letters and digits are which byte comes first."""
    even, odd = content[0:_SAMPLE:2].count(0), content[1:_SAMPLE:2].count(0)
    return "utf-16-be" if even > odd else "utf-16-le"


def _text(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise unreadable() from error
    if "\0" in text:
        raise unreadable()
    return text


def _western(content: bytes) -> str:
    """Windows-1252, whose five undefined bytes stand for themselves, as browsers have it."""
    # the library's types do not know that a table may be a text
    return codecs.charmap_decode(content, "strict", _WESTERN)[0]  # type: ignore[arg-type]


def unreadable() -> InvalidInput:
    """Return the error of a file that is none of captions."""
    return InvalidInput.at(
        "captions", "These are no captions that can be read here: please send WebVTT or SubRip."
    )
