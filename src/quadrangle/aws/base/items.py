"""Values as DynamoDB stores them.

Attributes have the names of the wire, in camel case. What is None is left out, as an attribute that
is part of an index must be there or not. Conditions of queries see what is stored and no default:
a field that lists are narrowed by must be written to the items that are there.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar, get_args

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

    An attribute that is missing was None, or the item was written before there was the field. So
    the field gets its default, and None where it has none. Raises msgspec.ValidationError.
    """
    fields = _fields(kind)
    found = {name: values[attribute] for name, attribute, _ in fields if attribute in values}
    absent = {
        name: None for name, attribute, needed in fields if needed and attribute not in values
    }
    return msgspec.convert({**found, **absent}, kind)


@cache
def _fields(kind: type[msgspec.Struct]) -> list[tuple[str, str, bool]]:
    """Return of each field its name, its attribute, and whether it has no default.

    Raises TypeError for a field whose None would be read back as something else.
    """
    fields = msgspec.structs.fields(kind)
    for field in fields:
        may_be_none = type(None) in get_args(field.type)
        if may_be_none and not field.required and field.default is not None:
            raise TypeError(f"None is not stored: the default of {field.name} must be None.")
    return [(field.name, camel(field.name), field.required) for field in fields]
