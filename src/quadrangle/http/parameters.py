"""Parameters that routes of several services share, as the OpenAPI description shows them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, TypeAlias

from litestar.params import PathParameter, QueryParameter

from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import InvalidInput

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


def instant_in(field: str, text: str | None) -> str | None:
    """Return an instant that a parameter may give, as it is stored. Raises InvalidInput."""
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            raise ValueError("no offset")
        return to_text(instant)
    except (ValueError, OverflowError) as error:
        message = "Please give a date and time with its offset, such as 2027-01-31T12:00:00Z."
        raise InvalidInput.at(field, message) from error


PageSize: TypeAlias = Annotated[int, QueryParameter(ge=1, le=100)]
Cursor: TypeAlias = Annotated[
    str | None,
    QueryParameter(max_length=200, description="nextCursor of the page before"),
]
