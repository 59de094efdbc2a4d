"""What the OpenAPI description says of error answers."""

from litestar.openapi.datastructures import ResponseSpec

from quadrangle.http.errors import Problem

_DESCRIPTIONS = {
    400: "The input cannot be used; `errors` names the fields.",
    401: "Not signed in, or the credentials are wrong.",
    403: "Signed in, but not allowed.",
    404: "There is no such thing.",
    409: "Someone else changed it meanwhile, or the present state does not allow this.",
    410: "This is over.",
    413: "The body is larger than allowed.",
    429: "Too many requests; `Retry-After` says when to try again, in seconds.",
    503: "A part is down; nothing was saved. `Retry-After` says when to try again, in seconds.",
}


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """Return the documented error answers of a route; 503 is always among them."""
    return {
        status: ResponseSpec(
            data_container=Problem, description=_DESCRIPTIONS[status], generate_examples=False
        )
        for status in sorted({*statuses, 503})
    }
