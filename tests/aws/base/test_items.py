"""Structs as DynamoDB keeps them: what was saved before a field was added is read as well."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from quadrangle.aws.base.items import item, plain, struct_of, values_of
from quadrangle.issues.model import Issue, Status

FIRST = ("issueId", "issueType", "location", "description", "createdAt", "updatedAt")


class Place(msgspec.Struct, frozen=True):
    name: str
    room: str | None
    floor: str = "ground"
    seats: int = 0
    step_free: bool = False


def stored(**attributes: object) -> dict[str, object]:
    return plain(item(attributes))


def test_a_field_that_was_added_since_has_its_default():
    assert struct_of(Place, stored(name="Hall", room=None)) == Place("Hall", None)


def test_what_is_none_and_has_no_default_is_none_again():
    assert struct_of(Place, stored(name="Hall")).room is None


def test_an_issue_saved_with_the_first_fields_alone_is_read():
    first = Issue("1", "Network", "Library", "Broken", "then", "then")
    old = {name: value for name, value in values_of(first).items() if name in FIRST}
    assert struct_of(Issue, stored(**old)) == first
    assert struct_of(Issue, stored(**old, status="RESOLVED")).status is Status.RESOLVED


@settings(deadline=None)
@given(st.builds(Place, st.text(), st.none() | st.text(), st.text(), st.integers(), st.booleans()))
def test_a_struct_comes_back_as_it_was_saved(place: Place):
    assert struct_of(Place, stored(**values_of(place), key="other")) == place
