"""Walks along issues sorted by creation, newest first, that lists and searches are merged from."""

from typing import Annotated

import msgspec

from quadrangle.aws.base.items import Values

# Calls one walk makes for one page, each reading a megabyte at most. A narrow filter over very many
# issues gives a short page and a cursor then, well before API Gateway's 29 s are over.
MOST_CALLS = 30

# The same of one stretch of a sorted list: a page may go through four of them.
MOST_CALLS_OF_STRETCH = 7

_Text = Annotated[str, msgspec.Meta(max_length=40)]
# Where a list goes on: creation and id of the last issue shown, or looked at.
WalkPosition = tuple[_Text, _Text]
AFTER_EVERY_ID = "~"
BEFORE_EVERY_ID = ""


class Step(msgspec.Struct, frozen=True):
    """One step of a walk: an issue, or with None the place where the walk had to stop."""

    position: WalkPosition
    values: Values | None
