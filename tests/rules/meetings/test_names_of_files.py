"""Names that handed-out files can have."""

import pytest

from quadrangle.kernel.errors import InvalidInput
from quadrangle.meetings.handouts.rules import checked_name


@pytest.mark.parametrize("name", ["\u3164", "\u2800", "\u115f\u1160", "\u0301", "\u200b", " "])
def test_a_name_of_what_nobody_sees_is_refused(name: str):
    with pytest.raises(InvalidInput):
        checked_name(name)


@pytest.mark.parametrize("name", ["a", "作业.pdf", "😀", "-", "1"])
def test_a_name_that_is_seen_is_taken(name: str):
    assert checked_name(name) == name
