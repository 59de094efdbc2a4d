"""Chapters that a description lists, after its film is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.videos.chapters.description_rules import description_cut
from quadrangle.videos.chapters.rules import from_description

LISTED = """About levers: 3:00 of them.

0:00 Hello
- 1:30 – The lever
(02:10) Two levers
1:02:03 The end
Thank you
"""


@pytest.mark.parametrize(
    ("old", "new", "after"),
    [
        ((), ((60.0, 4000.0),), ("0:00 Hello", "- 0:30 – The lever", "(01:10)", "1:01:03 The")),
        ((), ((90.0, 4000.0),), ("- 0:00 – The lever", "(00:40) Two", "1:00:33 The end")),
        ((), ((0.0, 80.0), (140.0, 4000.0)), ("0:00 Hello", "(01:20) Two", "1:01:03 The end")),
        (((60.0, 4000.0),), (), ("1:00 Hello", "- 2:30 – The lever", "(03:10) Two", "1:03:03")),
    ],
)
def test_times_move_and_what_is_gone_is_taken_out(old: object, new: object, after: list[str]):
    if old == ():
        text = description_cut(LISTED, 4000.0, (), new)  # type: ignore[arg-type]
    else:
        text = description_cut(LISTED, 3940.0, old, new)  # type: ignore[arg-type]
    assert text.startswith("About levers: 3:00 of them.\n\n")
    assert text.endswith("\nThank you")
    for line in after:
        assert line in text
    assert len(from_description(text, None)) == len(after)


def test_what_has_less_than_a_second_left_goes():
    text = "0:00 Hello\n0:10 One\n0:20 Two"
    assert description_cut(text, 60.0, (), ((9.8, 60.0),)) == "0:00 One\n0:10 Two"


@pytest.mark.parametrize("text", ["", "At 1:30 we met.", "1:30 Once", "2:00 b\n1:00 a"])
def test_what_is_no_list_stays(text: str):
    assert description_cut(text, 4000.0, (), ((60.0, 4000.0),)) == text


spans = st.lists(st.integers(0, 3600), min_size=2, max_size=8, unique=True).map(
    lambda cuts: tuple(zip(sorted(cuts)[::2], sorted(cuts)[1::2], strict=False))
)


@given(st.lists(st.integers(0, 3599), min_size=2, max_size=12, unique=True), spans)
def test_what_is_left_is_still_a_list(starts: list[int], kept: tuple[tuple[float, float], ...]):
    times = [f"{start // 3600}:{start // 60 % 60:02}:{start % 60:02}" for start in sorted(starts)]
    text = "\n".join(f"{time} Part" for time in times)
    after = description_cut(text, 3600.0, (), kept)
    lines = after.splitlines()
    assert len(lines) <= len(starts)
    if len(lines) > 1 and after != text:
        assert len(from_description(after, None)) == len(lines)
