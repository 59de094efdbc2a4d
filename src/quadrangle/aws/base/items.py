"""Values as DynamoDB stores them.

Attributes have the names of the wire, in camel case. What is None is left out, as an attribute that
is part of an index must be there or not.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)
Values = dict[str, Any]


def typed(value: Any) -> dict[str, Any]:
    """Return a str, bytes, int, float, bool, list or dict with its type, as the API wants it."""
    match value:
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": str(value)}  # an enumeration's member is a plain text
        case bytes():
            return {"B": value}
        case int() | float():
            return {"N": repr(value)}
        case list() | tuple():
            return {"L": [typed(each) for each in value]}
        case dict():
            return {"M": item(value)}
    raise TypeError(f"{type(value).__name__} is not stored")


def item(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item of these attributes, without those that are None."""
    return {name: typed(value) for name, value in values.items() if value is not None}


def plain(stored: Mapping[str, Any]) -> Values:
    """Return the attributes of an item that DynamoDB gave."""
    return {name: _untyped(value) for name, value in stored.items()}


def _untyped(value: Mapping[str, Any]) -> Any:
    ((kind, content),) = value.items()
    match kind:
        case "N":
            return int(content) if content.lstrip("-").isdigit() else float(content)
        case "L":
            return [_untyped(each) for each in content]
        case "M":
            return plain(content)
    return content


def camel(name: str) -> str:
    """Return `issueType` for `issue_type`."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def values_of(struct: msgspec.Struct) -> Values:
    """Return the fields of a flat struct under their names on the wire."""
    return {camel(name): getattr(struct, name) for name in struct.__struct_fields__}


def struct_of(kind: type[T], values: Mapping[str, Any]) -> T:
    """Return the struct whose fields `values_of` gave; further attributes are ignored.

    A field that was added since has its default, as an item saved before lacks the attribute.
    """
    given = {}
    for name, attribute, has_default in _attributes(kind):
        if attribute in values:
            given[name] = values[attribute]
        elif not has_default:
            given[name] = None  # which is left out when it is saved
    return msgspec.convert(given, kind)


@cache
def _attributes(kind: type[msgspec.Struct]) -> list[tuple[str, str, bool]]:
    """Return the names of fields, those of their attributes, and whether there is a default."""
    return [(f.name, camel(f.name), not f.required) for f in msgspec.structs.fields(kind)]
