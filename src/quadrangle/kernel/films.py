"""Films that one service makes and another keeps as videos."""

from collections.abc import AsyncIterator
from typing import ClassVar, Protocol

import msgspec

from quadrangle.kernel.change import Change


class Film(msgspec.Struct, frozen=True):
    """A film that is to become a video. `film_id` is an id of its own, which nothing else has, and
    `place` leads its source to its bytes. `owner` is an account's id and name; `watchers` are the
    ids of further accounts that it is for."""

    film_id: str
    place: str
    title: str
    description: str
    filename: str
    owner: tuple[str, str]
    watchers: tuple[str, ...] = ()


class FilmSource(Protocol):
    """Keeps films until they are taken over. Raises Unavailable.

    `there` is the kind of the changes that tell of a new one, `gone` of those after which one is
    not to be any more.
    """

    there: ClassVar[str]
    gone: ClassVar[str]

    async def film(self, change: Change) -> Film | None:
        """Return the film that a change tells of; None where it is gone, or nobody's here."""
        ...

    def film_id(self, change: Change) -> str:
        """Return which film a change is about."""
        ...

    def content(self, film: Film) -> AsyncIterator[bytes]:
        """Yield its bytes. Raises NotFound when they are gone."""
        ...
