"""Answers of handlers that are no routes of the framework: they stream what it would hold whole."""

from collections.abc import Awaitable, Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

import msgspec

from quadrangle.http.answers.errors import Problem, problem_of, refusal_of
from quadrangle.http.asking.auth import PlainSender, Sender
from quadrangle.http.gateway import ASKED_METHOD
from quadrangle.kernel.errors import QuadrangleError

Send = Callable[[Any], Awaitable[None]]
Headers = Mapping[str, str]


def method_of(scope: Any) -> str:
    """Return the method that was asked by: the gateway answers HEAD as GET."""
    return scope.get(ASKED_METHOD, scope["method"])


def headers_of(scope: Any) -> dict[str, str]:
    """Return the headers by their names in small letters; of several of a name the last."""
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }


def sender_of(scope: Any, headers: Mapping[str, str]) -> Sender:
    """Return what a request says of who sends it."""
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(headers.get("cookie", ""))
    except CookieError:
        cookies = SimpleCookie()
    found = {name: morsel.value for name, morsel in cookies.items()}
    return PlainSender(headers, found, method_of(scope))


async def answer(
    send: Send, status: int, headers: Headers | None = None, body: bytes = b""
) -> None:
    """Send a whole answer."""
    given = [
        (name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()
    ]
    if status not in (204, 304) and "content-length" not in {
        name.lower() for name in headers or {}
    }:
        given.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": given})
    await send({"type": "http.response.body", "body": body})


async def refuse(
    send: Send, status: int, message: str | None = None, headers: Headers | None = None
) -> None:
    """Send an error of the contract's shape."""
    problem = Problem(message) if message else problem_of(status)
    await _say(send, status, problem, headers)


async def refuse_for(send: Send, error: QuadrangleError, headers: Headers | None = None) -> None:
    """Send an error of ours."""
    refusal = refusal_of(error)
    await _say(send, refusal.status, refusal.problem, {**(headers or {}), **refusal.headers})


async def _say(send: Send, status: int, problem: Problem, headers: Headers | None) -> None:
    said = {"Content-Type": "application/json", "Cache-Control": "no-store", **(headers or {})}
    await answer(send, status, said, msgspec.json.encode(problem))
