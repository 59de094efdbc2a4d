"""Values as items, and what was written before there was a field."""

from typing import Any

import msgspec
import pytest

from quadrangle.aws.base.items import item, plain, struct_of, values_of
from tests.old_records.accounts.samples import (
    ACCOUNT,
    API_KEY,
    HELD,
    IDENTITY,
    PASSKEY,
    PIN,
    SESSION,
)
from tests.old_records.issues.samples import COMMENT, ISSUE, PHOTO, REPORTED
from tests.old_records.mail.samples import entries

ENTRIES = entries({"Grüße 📶": "1", "A new password": "2"})
LATER = [("floor", str, ""), ("door", str | None, None), ("steps", int, 3), ("tags", tuple, ("a",))]


@pytest.mark.parametrize(
    "value",
    [
        *(ISSUE, REPORTED, COMMENT, PHOTO, *ENTRIES),
        *(ACCOUNT, HELD, SESSION, PASSKEY, API_KEY, PIN, IDENTITY),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_come_back_and_fields_that_came_later_have_their_defaults(value: Any):
    stored = plain(item(values_of(value)))
    assert struct_of(type(value), stored) == value
    grown = msgspec.defstruct("Grown", LATER, bases=(type(value),), frozen=True)
    read: Any = struct_of(grown, stored)
    assert {name: getattr(read, name) for name in value.__struct_fields__} == {
        name: getattr(value, name) for name in value.__struct_fields__
    }
    assert (read.floor, read.door, read.steps, read.tags) == ("", None, 3, ("a",))


def test_a_field_that_must_be_there_is_missed():
    stored = plain(item(values_of(PIN)))
    grown = msgspec.defstruct("Grown", [("length", int)], bases=(type(PIN),), kw_only=True)
    with pytest.raises(msgspec.ValidationError, match="length"):
        struct_of(grown, stored)


def test_no_default_stands_for_a_none_that_was_saved():
    """None is not stored, so it would come back as the default."""
    grown = msgspec.defstruct("Grown", [("door", str | None, "back")], bases=(type(PIN),))
    with pytest.raises(TypeError, match="door"):
        struct_of(grown, plain(item(values_of(PIN))))
