"""Files that are made for the one who asks, and are as long as they get."""

import re
from collections.abc import AsyncIterator
from typing import Any, Protocol
from urllib.parse import quote

from litestar import Response
from litestar.response import Stream

from quadrangle.http.answers.csv_files import MEDIA_TYPE


class Downloads(Protocol):
    """Answers with a CSV file whose text comes in pieces.

    `answer` raises InvalidInput when there is more than can be put together at once, and what
    reading the pieces raises, unless the answer has begun by then.
    """

    async def answer(self, name: str, pieces: AsyncIterator[str]) -> Response[Any]: ...


class StreamedDownloads:
    """Implements Downloads where an answer has no end: it is sent as the pieces are read."""

    async def answer(self, name: str, pieces: AsyncIterator[str]) -> Response[Any]:
        return Stream(pieces, media_type=MEDIA_TYPE, headers=headers_of(name))


def headers_of(name: str) -> dict[str, str]:
    """Return the headers of an answer that is a file of that name."""
    return {"Content-Disposition": disposition(name), "Cache-Control": "no-store"}


def disposition(name: str) -> str:
    """Return the header by RFC 6266: any name as it is, and a plain one for old clients."""
    plain = re.sub(r'[^ -~]|["\\%]', "_", name)
    if plain == name:
        return f'attachment; filename="{name}"'
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
