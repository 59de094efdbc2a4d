"""Whom a video is shared with."""

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


NOBODY = Audience()
