"""Pages of a long list, continued by an opaque cursor."""

import base64
import binascii
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Generic, TypeVar, cast

import msgspec

from quadrangle.kernel.errors import InvalidInput

T = TypeVar("T")
# A number in a cursor, as every store can count.
CursorNumber = cast("type[int]", Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)])
_NUL = b"\\u0000"  # which PostgreSQL cannot be asked for


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some items, and the cursor that continues after the last (None at the end)."""

    items: list[T]
    next_cursor: str | None = None


async def all_items(page: Callable[[str | None], Awaitable[Page[T]]]) -> AsyncIterator[T]:
    """Yield every item of a list. `page` reads the page behind a cursor, by None the first."""
    cursor: str | None = None
    while True:
        found = await page(cursor)
        for item in found.items:
            yield item
        cursor = found.next_cursor
        if cursor is None:
            return


def encode_cursor(position: object) -> str:
    """Return a text that clients hand back unread."""
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).decode().rstrip("=")


def decode_cursor(cursor: str, kind: type[T]) -> T:
    """Read a cursor. Raises InvalidInput when it is not one of ours."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True)
        if _NUL in text:
            raise ValueError
        return msgspec.json.decode(text, type=kind)
    except (ValueError, binascii.Error, msgspec.MsgspecError) as error:
        raise InvalidInput.at("cursor", "This cursor is not one we gave out.") from error
