"""Turns every error into one JSON answer of the wire contract; nothing inner reaches a client."""

import math
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.handlers import BaseRouteHandler
from litestar.params import ParameterKwarg

from quadrangle.http.bodies.strict import NO_OBJECT
from quadrangle.kernel import errors
from quadrangle.kernel.errors import FieldError, QuadrangleError

log = structlog.get_logger(__name__)

STATUS: dict[type[QuadrangleError], int] = {
    errors.InvalidInput: 400,
    errors.NotSignedIn: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.TooLarge: 413,
    errors.KeyReused: 422,
    errors.TooManyRequests: 429,
    errors.Unavailable: 503,
}

_WORDS = {
    400: "Some of what was sent cannot be used.",
    401: "Please sign in first.",
    403: "You are signed in, but this is not yours to do.",
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    408: "The rest of this request did not come in time. Please send it again.",
    413: "This is larger than allowed.",
}


_CLIENT_GONE = "client disconnected prematurely"  # so the framework says it


class Problem(msgspec.Struct, omit_defaults=True, rename="camel"):
    """The body of every error answer.

    `codeRequired` comes where a second factor is wanted, and `recoveryOnly` where there is no app,
    so that it must be a recovery code; `passwordRequired` where a link has a password.
    """

    message: str
    errors: list[FieldError] = []
    code_required: bool = False
    recovery_only: bool = False
    password_required: bool = False


def problem_of(status: int) -> Problem:
    """Return what is said of a status that says all by itself."""
    return Problem(_WORDS.get(status, "This request cannot be answered."))


class Refusal(msgspec.Struct, frozen=True):
    """How an error is answered, by whatever sends answers."""

    status: int
    problem: Problem
    headers: dict[str, str] = {}


def refusal_of(error: Exception, **logged: str) -> Refusal:
    """Return what answers an error; the log has what nobody else may see, beside `logged`."""
    if isinstance(error, QuadrangleError):
        return _refusal_of_ours(error, logged)
    if isinstance(error, OverflowError):  # a time from which no other can be reckoned
        log.warning("beyond the calendar", **logged, cause=repr(error))
        message = "A time or number in this request is beyond what can be reckoned with."
        return Refusal(400, Problem(message))
    log.error("unexpected error", **logged, exc_info=error)
    return Refusal(500, Problem("Something went wrong on our side. It has been noted."))


def _refusal_of_ours(error: QuadrangleError, logged: dict[str, str]) -> Refusal:
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)
    headers = {}
    if isinstance(error, errors.Delayed):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
    if isinstance(error, errors.Unavailable):
        log.error("part unavailable", **logged, cause=repr(error.__cause__))
    fields = error.errors if isinstance(error, errors.InvalidInput) else []
    problem = Problem(error.message, fields)
    if isinstance(error, errors.CodeRequired):
        problem.code_required = True
        problem.recovery_only = not error.has_app
    if isinstance(error, errors.PasswordRequired):
        problem.password_required = True
    return Refusal(status, problem, headers)


def on_error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer an error of ours, or a fault of ours."""
    refusal = refusal_of(error, path=request.scope["path"])
    return Response(refusal.problem, status_code=refusal.status, headers=refusal.headers)


def on_http_exception(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer what the framework refuses: routing, methods, query values, body size."""
    status = error.status_code
    if isinstance(error, ValidationException):
        faults = _faulty_parameters(request, error)
        if [fault.field for fault in faults] == ["data"]:  # nothing was sent at all
            return Response(Problem(NO_OBJECT), status_code=400)
        return Response(Problem(_WORDS[400], faults), status_code=400)
    if status == 415:  # the contract knows only 400 for a body that cannot be read
        status = 400
    if error.detail == _CLIENT_GONE:
        return Response(Problem("The request broke off."), status_code=400)
    if status >= 500:
        return on_error(request, error)
    headers = dict(error.headers or {})
    return Response(problem_of(status), status_code=status, headers=headers)


def _faulty_parameters(
    request: Request[Any, Any, Any], error: ValidationException
) -> list[FieldError]:
    names = _wire_names(request.route_handler)
    keys = [str(i.get("key", "")) for i in error.extra] if isinstance(error.extra, list) else []
    return [FieldError(names.get(key, key), "This value cannot be used here.") for key in keys]


def _wire_names(handler: BaseRouteHandler) -> dict[str, str]:
    """Return what parameters are called in an address, by what the code calls them."""
    signatures = [handler.parsed_fn_signature]
    signatures += [d.parsed_fn_signature for d in handler.resolve_dependencies().values()]
    return {
        name: field.kwarg_definition.name
        for signature in signatures
        for name, field in signature.parameters.items()
        if isinstance(field.kwarg_definition, ParameterKwarg) and field.kwarg_definition.name
    }


EXCEPTION_HANDLERS: Any = {HTTPException: on_http_exception, Exception: on_error}
