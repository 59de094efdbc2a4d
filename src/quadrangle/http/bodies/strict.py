"""Strict JSON bodies: read once, straight into a msgspec Struct, every fault named by its field."""

import contextlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec
from litestar.connection import ASGIConnection
from litestar.dto import AbstractDTO
from litestar.openapi.spec import Reference, Schema

from quadrangle.kernel.errors import FieldError, InvalidInput

# One sentence, as on AWS the API Gateway says it too, which knows no more.
NO_OBJECT = "The body is not a JSON object."
_JSON = re.compile(r"application/([a-z0-9.-]+\+)?json")


class StrictBody(AbstractDTO[Any]):
    """Reads the `data` argument of a handler, whose annotation is a msgspec Struct.

    Unlike the framework's own reading it converts nothing ("1" is no number), refuses a field
    given twice, and answers with all faulty fields at once.
    """

    _readers: ClassVar[dict[str, "BodyReader"]] = {}

    @classmethod
    def create_for_field_definition(
        cls, field_definition: Any, handler_id: str, backend_cls: Any = None
    ) -> None:
        if field_definition.name == "data":
            cls._readers[handler_id] = BodyReader(field_definition.annotation)

    @classmethod
    def create_openapi_schema(
        cls, field_definition: Any, handler_id: str, schema_creator: Any
    ) -> Reference | Schema:
        return schema_creator.for_field_definition(field_definition)

    @classmethod
    def is_supported_model_type_field(cls, field_definition: Any) -> bool:
        return True

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Any:
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: Any) -> bool:
        return False

    def decode_bytes(self, value: bytes) -> Any:
        _require_json(self.asgi_connection)
        return self._readers[self.asgi_connection.route_handler.handler_id].read(value)


def _require_json(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Refuse what forms of other sites send. The calls of the source systems, which are not below
    /api, read JSON whatever it is called, as they always did."""
    kind = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and not _JSON.fullmatch(kind) and connection.scope["path"].startswith("/api/"):
        raise InvalidInput(message="Please send this as JSON, with Content-Type application/json.")


class BodyReader:
    """Reads bodies of one shape, whoever asks. `read` raises InvalidInput."""

    def __init__(self, struct: type[msgspec.Struct]) -> None:
        self._decoder = msgspec.json.Decoder(struct)
        self._struct = struct
        self._keys = [f'"{name}"'.encode() for name in struct.__struct_encode_fields__]

    def read(self, body: bytes) -> Any:
        # A quoted key seen twice may also be a value, and one may be written by escapes: only then
        # the slow look.
        if b"\\u" in body or any(body.count(key) > 1 for key in self._keys):
            _refuse_duplicate_keys(body)
        try:
            return self._decoder.decode(body)
        except msgspec.ValidationError as error:
            fault = error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InvalidInput(message=NO_OBJECT) from error
        try:
            faults = _faults(self._struct, body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InvalidInput(message=NO_OBJECT) from error
        raise InvalidInput(faults or [_fault(fault)])


@contextlib.contextmanager
def fields_of(body: msgspec.Struct) -> Iterator[None]:
    """Have the faults that rules find named by the fields of this body, as clients write them."""
    names = {field.name: field.encode_name for field in msgspec.structs.fields(body)}
    try:
        yield
    except InvalidInput as error:
        error.errors = [
            FieldError(names.get(fault.field, fault.field), fault.message) for fault in error.errors
        ]
        raise


def _refuse_duplicate_keys(body: bytes) -> None:
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        kept = dict(items)
        if len(kept) < len(items):
            given = Counter(name for name, _ in items)
            twice = sorted(name for name, times in given.items() if times > 1)
            raise InvalidInput([FieldError(name, "This field is given twice.") for name in twice])
        return kept

    try:
        json.loads(body, object_pairs_hook=pairs)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(message=NO_OBJECT) from error


def _faults(struct: type[msgspec.Struct], body: bytes) -> list[FieldError]:
    """Check field by field what the decoder refused at its first fault."""
    given = msgspec.json.decode(body)
    if not isinstance(given, dict):
        raise InvalidInput(message=NO_OBJECT)
    faults = []
    for field in msgspec.structs.fields(struct):
        name = field.encode_name
        if name not in given:
            if field.required:
                faults.append(FieldError(name, "This field is required."))
            continue
        try:
            msgspec.convert(given[name], field.type)
        except msgspec.ValidationError as error:
            faults.append(FieldError(name, _sentence(str(error))))
    return faults


def _fault(error: msgspec.ValidationError) -> FieldError:
    text, _, path = str(error).partition(" - at `$")
    return FieldError(path.strip(".`"), _sentence(text))


_WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}


def _sentence(text: str) -> str:
    """Say what msgspec says in words for people: `Expected `str`, got `int``."""
    text = text.partition(" - at `")[0]
    if text.startswith("Expected `") and "`, got `" in text:
        wanted = text.removeprefix("Expected `").split("`, got `")[0]
        return f"This must be {' or '.join(_WORDS.get(w, w) for w in wanted.split(' | '))}."
    if text.startswith("Invalid enum value"):
        return "This is not one of the allowed values."
    bounds = _BOUNDS.fullmatch(text)
    if bounds is not None:
        return _bounds_sentence(*bounds.groups())
    if text.startswith("Expected `str` matching regex"):
        return "This is not in the form that it must have."
    return text.rstrip(".") + "."


# How msgspec says it: Expected `str` of length <= 200, Expected `int` >= 1
_BOUNDS = re.compile(r"Expected `(\w+)`( of length)? (>=|<=|>|<) (-?[0-9.]+)")
_WORDS_OF_BOUNDS = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}


def _bounds_sentence(kind: str, length: str | None, sign: str, bound: str) -> str:
    words = _WORDS_OF_BOUNDS[sign]
    number = f"{float(bound):,g}" if "." in bound else f"{int(bound):,}"
    if length is None:
        return f"This must be {words} {number}."
    if kind == "str":
        if (sign, bound) == (">=", "1"):
            return "Please fill this in."
        return f"Please use {words} {number} characters."
    return f"This must have {words} {number} entries."
