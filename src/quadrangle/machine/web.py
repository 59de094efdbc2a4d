"""Asks services elsewhere for JSON, with bounds: they may be slow, away, or send too much."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import httpx
import msgspec

from quadrangle.kernel.errors import Unavailable

DEADLINE_S = 5.0  # for a whole answer, however it dribbles in
LONGEST_ANSWER = 256 * 1024  # bytes


class TooLong(httpx.TransportError):
    """An answer is longer than any we expect."""


class Bounded(httpx.AsyncBaseTransport):
    """Cuts answers off that are too long. For one client; the certificates are read once."""

    def __init__(self, inner: httpx.AsyncBaseTransport | None = None) -> None:
        self._inner = inner or httpx.AsyncHTTPTransport(verify=_certificates())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _BoundedStream(response.stream)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class _BoundedStream(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        length = 0
        async for chunk in self._inner:
            length += len(chunk)
            if length > LONGEST_ANSWER:
                raise TooLong("the answer is too long")
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


async def get_json(url: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the JSON object at an address; redirects are not followed.

    Raises Unavailable for no answer, a late, long or refusing one, and for anything else than JSON.
    """
    try:
        async with (
            asyncio.timeout(DEADLINE_S),
            httpx.AsyncClient(transport=Bounded(), timeout=DEADLINE_S) as client,
        ):
            response = await client.get(
                url, headers={"Accept": "application/json"} | (headers or {})
            )
            response.raise_for_status()
        return msgspec.json.decode(response.content, type=dict[str, Any])
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        raise Unavailable("The sign-in service does not answer just now.") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unavailable("The sign-in service gave an answer that cannot be used.") from error
