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

SILENT = "The sign-in service does not answer just now."
UNUSABLE = "The sign-in service gave an answer that cannot be used."


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


class Refused(Exception):
    """A service answered that it will not; `status` is of HTTP, `answer` what it said."""

    def __init__(self, status: int, answer: dict[str, Any]) -> None:
        self.status = status
        self.answer = answer
        super().__init__(f"status {status}")


async def get_json(url: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """Return the JSON object at an address; redirects are not followed.

    Raises Unavailable for no answer, a late, long or refusing one, and for anything else than JSON.
    """
    try:
        return await _ask("GET", url, headers=headers)
    except Refused as error:
        raise Unavailable(UNUSABLE) from error


async def post_form(
    url: str, form: dict[str, str], auth: tuple[str, str] | None = None
) -> dict[str, Any]:
    """Send a form and return the JSON object that comes back; `auth` is a user and a password.

    Raises Refused for a status of 400 and more with a JSON object, else as get_json does.
    """
    return await _ask("POST", url, data=form, auth=auth)


async def _ask(method: str, url: str, headers: dict[str, str] | None = None, **more: Any) -> Any:
    accepted = {"Accept": "application/json", **(headers or {})}
    try:
        async with (
            asyncio.timeout(DEADLINE_S),
            httpx.AsyncClient(transport=Bounded(), timeout=DEADLINE_S) as client,
        ):
            response = await client.request(method, url, headers=accepted, **more)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        raise Unavailable(SILENT) from error
    try:
        answer = msgspec.json.decode(response.content, type=dict[str, Any])
    except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
        raise Unavailable(UNUSABLE) from error
    if response.status_code >= 400:
        raise Refused(response.status_code, answer)
    if response.status_code != 200:
        raise Unavailable(UNUSABLE)
    return answer
