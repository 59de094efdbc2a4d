"""Parameters that routes of several services share, as the OpenAPI description shows them."""

from enum import StrEnum
from typing import Annotated, TypeAlias

from litestar.params import PathParameter, QueryParameter

LARGEST = 2**53 - 1  # the largest whole number that every JSON reader has


def id_in_path(name: str) -> PathParameter:
    """Return a path parameter that is one of our ids.

    One that is none of ours is answered like one that is not there: 404.
    """
    return PathParameter(name=name, schema_extra={"format": "uuid"})


def word_of(words: type[StrEnum], name: str | None = None) -> QueryParameter:
    """Return a query parameter that is one of `words`, or empty, as a form sends it.

    As a text: of an enumeration that may be left out, the framework reads `null` as left out.
    """
    pattern = f"^({'|'.join(words)})?$"
    return QueryParameter(name=name, pattern=pattern, schema_extra={"enum": ["", *words]})


PageSize: TypeAlias = Annotated[int, QueryParameter(ge=1, le=100)]
Cursor: TypeAlias = Annotated[
    str | None,
    QueryParameter(max_length=200, description="nextCursor of the page before"),
]
