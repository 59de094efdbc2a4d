"""Routes as the whole API has them: each states only what is its own."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from litestar import delete, get, patch, post, put
from litestar.handlers import HTTPRouteHandler

from quadrangle.http.asking.auth import SCOPE
from quadrangle.http.bodies.strict import StrictBody
from quadrangle.http.openapi import problems, without_body
from quadrangle.kernel.declaration import Scope

Decorator = Callable[[Callable[..., Any]], HTTPRouteHandler]
Answers = dict[int, Any]

_TOKEN_OR_PAGE: list[dict[str, list[str]]] = [{"token": []}, {"page": []}]
_BY_KEY_TOO: list[dict[str, list[str]]] = [*_TOKEN_OR_PAGE, {"key": []}]


class Callers(msgspec.Struct, frozen=True):
    """Who may call a route, as the description says it: the service is who refuses.

    `security` None is anyone; `refused` are the statuses of those who may not.
    """

    security: list[dict[str, list[str]]] | None = None
    refused: tuple[int, ...] = ()
    scope: Scope | None = None


ANYONE = Callers()
SIGNED_IN = Callers(_TOKEN_OR_PAGE, (401, 403))


def by_key_too(scope: Scope) -> Callers:
    """Whoever is signed in, and API keys that have the scope."""
    return Callers(_BY_KEY_TOO, (401, 403, 429), scope)


def anyone_or_key(scope: Scope) -> Callers:
    """Anyone, and API keys that have the scope."""
    return Callers([{}, *_BY_KEY_TOO], (401, 403, 429), scope)


class Calls:
    """Makes the routes under one heading of the description.

    A handler that takes `data` has a JSON body (http.bodies.strict). `fails` are the statuses of
    errors that neither callers, the body nor an id in the path explain; `only` replaces all of
    these.
    `answers` describes what else than JSON is answered. Anything further is the framework's.
    """

    def __init__(self, heading: str) -> None:
        self._heading = heading

    def get(self, path: str, summary: str, callers: Callers = ANYONE, **own: Any) -> Decorator:
        return self._route(get, path, summary, callers, **own)

    def post(self, path: str, summary: str, callers: Callers = ANYONE, **own: Any) -> Decorator:
        return self._route(post, path, summary, callers, **own)

    def put(self, path: str, summary: str, callers: Callers = ANYONE, **own: Any) -> Decorator:
        return self._route(put, path, summary, callers, **own)

    def patch(self, path: str, summary: str, callers: Callers = ANYONE, **own: Any) -> Decorator:
        return self._route(patch, path, summary, callers, **own)

    def delete(self, path: str, summary: str, callers: Callers = ANYONE, **own: Any) -> Decorator:
        return self._route(delete, path, summary, callers, **{"status": 204, **own})

    def _route(
        self,
        method: Callable[..., Any],
        path: str,
        summary: str,
        callers: Callers,
        *,
        status: int | None = None,
        fails: Sequence[int] = (),
        only: Sequence[int] | None = None,
        answers: Answers | None = None,
        **framework: Any,
    ) -> Decorator:
        def decorate(handler: Callable[..., Any]) -> HTTPRouteHandler:
            has_body = "data" in handler.__annotations__
            failing = _failing(path, callers, has_body, fails) if only is None else only
            described = {} if status != 204 else without_body(204)
            options: dict[str, Any] = {
                "summary": summary,
                "tags": [self._heading],
                "responses": described | problems(*failing) | (answers or {}),
                "return_dto": None,
                **framework,
            }
            if has_body:
                options["dto"] = StrictBody
            if status is not None:
                options["status_code"] = status
            if callers.security is not None:
                options["security"] = callers.security
            if callers.scope is not None:
                options["opt"] = {SCOPE: callers.scope.name}
            return method(path, **options)(handler)

        return decorate


def _failing(path: str, callers: Callers, has_body: bool, fails: Sequence[int]) -> list[int]:
    of_body = (400, 413) if has_body else ()
    of_path = (404,) if "{" in path else ()
    return [*callers.refused, *of_body, *of_path, *fails]
