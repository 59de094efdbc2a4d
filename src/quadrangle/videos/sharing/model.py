"""Whom a video is shared with."""

from collections.abc import Sequence

import msgspec


class Person(msgspec.Struct, frozen=True):
    """Somebody with an open account."""

    account_id: str
    name: str
    email: str


class Audience(msgspec.Struct, frozen=True):
    """Ids of the accounts a video names, and of the courses it stands in.

    `widest` says for whom the most open of these is: "public", "campus", "" for members alone.
    """

    people: tuple[str, ...] = ()
    courses: tuple[str, ...] = ()
    widest: str = ""


class SharingEdit(msgspec.Struct, frozen=True, kw_only=True):
    """All whom a video is to be shared with: addresses, and ids of courses.

    `version` is that of the audience somebody had before them; None replaces whichever is there.
    """

    people: Sequence[str]
    courses: Sequence[str]
    version: str | None = None


NOBODY = Audience()
