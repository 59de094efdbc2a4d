"""What the OpenAPI description says beyond what the framework knows of a route."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, TypeAlias

from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from msgspec import Meta

from quadrangle.http.answers.errors import Problem

_DESCRIPTIONS = {
    400: "The input cannot be used; `errors` names the fields.",
    401: "Not signed in, or the credentials are wrong.",
    403: "Signed in, but not allowed.",
    404: "There is no such thing.",
    409: "Someone else changed it meanwhile, or the present state does not allow this.",
    410: "This is over.",
    413: "The body is larger than allowed.",
    422: "The key was sent with something else before.",
    429: "Too many requests; `Retry-After` says when to try again.",
    503: "A part is down; nothing was saved. `Retry-After` says when to try again.",
}

# As kernel.text has them, save those beyond 16 bits, which patterns of JSON Schema do not name.
_CONTROL = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
_TURNING = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = (
    r"\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u180e\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb"
)
_BLANK = r"\s*"
_SEEN = rf"[^\s{_CONTROL}{_UNSEEN}]"
_OF_TEXT = rf"[^{_CONTROL}]*"
_OF_LINE = rf"[^{_CONTROL}{_TURNING}]*"
_TEXT = rf"{_OF_TEXT}{_SEEN}{_OF_TEXT}"
_LINE = rf"{_OF_LINE}{_SEEN}{_OF_LINE}"
LONGEST_EMAIL = 254

# What answers hold; nothing is checked by these.
Id: TypeAlias = Annotated[str, Meta(extra_json_schema={"extra": {"format": "uuid"}})]
Instant: TypeAlias = Annotated[str, Meta(extra_json_schema={"extra": {"format": "date-time"}})]
Day: TypeAlias = Annotated[str, Meta(extra_json_schema={"extra": {"format": "date"}})]


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """Return the documented error answers of a route; 503 is always among them."""
    return {
        status: ResponseSpec(
            data_container=Problem, description=_DESCRIPTIONS[status], generate_examples=False
        )
        for status in sorted({*statuses, 503})
    }


def without_body(status: int) -> dict[int, ResponseSpec]:
    """Return an answer that has no body; the framework would promise the JSON text `null`."""
    return {status: ResponseSpec(None, description="Done.", generate_examples=False)}


def elsewhere() -> dict[int, ResponseSpec]:
    """Return the answer that says where something is for a short time."""
    description = "It is at `Location` for a short time."
    return {302: ResponseSpec(None, description=description, generate_examples=False)}


def text_of(longest: int, *, example: str | None = None) -> Meta:
    """Describe a text of 1 to `longest` characters that kernel.text.Checked reads.

    It is only described: Checked refuses what is wrong, with a sentence for people.
    """
    return _text(longest, f"^{_TEXT}$", example)


def line_of(longest: int, *, example: str | None = None) -> Meta:
    """Describe the like on one line, in which nothing turns the direction of a text."""
    return _text(longest, f"^{_LINE}$", example)


def lines_of(longest: int, most: int) -> Meta:
    """Describe a list of 1 to `most` different lines."""
    item = Schema(type=OpenAPIType.STRING, min_length=1, max_length=longest, pattern=f"^{_LINE}$")
    return limits(minItems=1, maxItems=most, uniqueItems=True, items=item)


def optional_text_of(longest: int) -> Meta:
    """Describe a text that may be blank, which means that nothing was given."""
    return _optional(longest, _TEXT)


def optional_line_of(longest: int) -> Meta:
    """Describe a line that may be blank, which means that nothing was given."""
    return _optional(longest, _LINE)


def secret_of(shortest: int, longest: int) -> Meta:
    """Describe a password or PIN, in which every character counts."""
    limits = {"minLength": shortest, "maxLength": longest}
    return _described(f"{shortest} to {longest} characters", limits)


def email_of(description: str = "", *, optional: bool = False) -> Meta:
    """Describe an e-mail address; blank means none where it is optional."""
    form: dict[str, Any] = {"format": "email"}
    if optional:
        form = {"anyOf": [Schema(format=OpenAPIFormat.EMAIL), Schema(pattern=r"^\s*$")]}
    return _described(description, {"maxLength": LONGEST_EMAIL, **form}, "name@campus.example")


def limits(**keywords: Any) -> Meta:
    """Describe by keywords of JSON Schema what a rule checks."""
    return Meta(extra_json_schema={"extra": keywords})


def _text(longest: int, pattern: str, example: str | None) -> Meta:
    return _described(
        f"1 to {longest:,} characters; white space around it does not count",
        {"minLength": 1, "maxLength": longest, "pattern": pattern},
        example,
    )


def _optional(longest: int, pattern: str) -> Meta:
    limits = {"maxLength": longest, "pattern": f"^(?:{_BLANK}|{pattern})$"}
    return _described(f"at most {longest:,} characters", limits)


def _described(description: str, limits: dict[str, Any], example: str | None = None) -> Meta:
    examples = None if example is None else [example]
    return Meta(description=description, examples=examples, extra_json_schema={"extra": limits})


def operation_id(handler: HTTPRouteHandler, *_: Any) -> str:
    """Return the name of a route for generated clients: the handler's, in camelCase."""
    first, *rest = handler.handler_name.split("_")
    return first + "".join(word.title() for word in rest)


_ANSWER_HEADERS = {
    "X-Request-Id": {
        "description": "Stands in the log line of this request too.",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "required": True,
    }
}
_DELAY_HEADERS = {
    "Retry-After": {
        "description": "When to try again, in seconds.",
        "schema": {"type": "integer", "minimum": 1},
        "required": True,
    }
}
_PROBLEM = {"$ref": f"#/components/schemas/{Problem.__name__}"}


# A scope of API keys: hosts know them all, so `completed` describes it.
SCOPE_NAME = {"$ref": "#/components/schemas/Scope"}


def completed(description: dict[str, Any], scopes: Sequence[str]) -> dict[str, Any]:
    """Set right what the framework's description of the API gets wrong, in place.

    `scopes` are the names of all that API keys may be let do.
    """
    for operation in _operations(description):
        for parameter in operation.get("parameters", ()):
            _drop_null(parameter["schema"])
        answers = operation["responses"]
        if not _is_problem(answers.get("400")):
            # The framework's own guess, in a shape that is not ours.
            answers.pop("400", None)
        for status, answer in answers.items():
            delay = _DELAY_HEADERS if status in ("429", "503") else {}
            answer["headers"] = {**answer.get("headers", {}), **_ANSWER_HEADERS, **delay}
    schemas = description["components"]["schemas"]
    schemas["Scope"] = {
        "type": "string",
        "enum": list(scopes),
        "title": "Scope",
        "description": "What a key may be let do; routes name the one they need.",
    }
    _simplify(schemas)
    description["components"]["schemas"] = dict(sorted(schemas.items()))
    return description


def _operations(description: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in description["paths"].values():
        yield from path.values()


def _is_problem(answer: dict[str, Any] | None) -> bool:
    content = (answer or {}).get("content", {})
    return any(kind["schema"] == _PROBLEM for kind in content.values())


_NULL = {"type": "null"}


def _drop_null(schema: dict[str, Any]) -> None:
    """A parameter may be left out, but no text in an address means null."""
    kinds = [kind for kind in schema.get("oneOf", ()) if kind != _NULL]
    if len(kinds) == 1:
        del schema["oneOf"]
        schema.update(kinds[0])


def _simplify(schema: Any) -> None:
    """Write a choice of one, or of one type and null, without `oneOf`; here and below."""
    if isinstance(schema, list):
        for item in schema:
            _simplify(item)
    if not isinstance(schema, dict):
        return
    for part in schema.values():
        _simplify(part)
    kinds = schema.get("oneOf", ())
    if len(kinds) == 1:
        schema.update(schema.pop("oneOf")[0])
    elif len(kinds) == 2 and kinds[1] == _NULL and isinstance(kinds[0].get("type"), str):
        kind = schema.pop("oneOf")[0]
        schema.update({**kind, "type": [kind["type"], "null"]})
