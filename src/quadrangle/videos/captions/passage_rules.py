"""The texts of cues without their markup: as people read, type and search them."""

import re
from collections.abc import Sequence

from quadrangle.videos.captions.cue_rules import Cue, cleaned
from quadrangle.videos.model import Passage

_TAG = re.compile(r"</?[biu]>")
_SIGNS = {"&nbsp;": "\u00a0", "&lrm;": "\u200e", "&rlm;": "\u200f", "&lt;": "<", "&gt;": ">"}
_SIGN = re.compile("|".join(_SIGNS))


def passages_of(cues: Sequence[Cue]) -> list[Passage]:
    """Return what is said, each on one line."""
    said = (Passage(cue.start, spoken(cue.text)) for cue in cues)
    return [passage for passage in said if passage.text]


def spoken(text: str) -> str:
    """Return what a cue's text says, on one line and without markup."""
    return " ".join(_unescaped(_TAG.sub("", text)).split())


def typed(text: str) -> str:
    """Return a cue's text as somebody would type it: signs instead of their names.

    `cleaned` makes the same cue of it again; a text of which it would not is returned as it is.
    """
    plain = _unescaped(text)
    return plain if cleaned(plain) == text else text


def _unescaped(text: str) -> str:
    return _SIGN.sub(lambda sign: _SIGNS[sign[0]], text).replace("&amp;", "&")
