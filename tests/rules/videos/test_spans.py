"""Where the seconds of a film are once only parts of it are shown."""

from hypothesis import given
from hypothesis import strategies as st

from quadrangle.videos.editing.span_rules import composed, length, moved
from quadrangle.videos.model import Spans


@st.composite
def spans(draw: st.DrawFn) -> Spans:
    edges = draw(st.lists(st.integers(0, 1000), min_size=2, max_size=12, unique=True))
    edges = sorted(edges)[: len(edges) // 2 * 2]
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def seconds_of(kept: Spans) -> list[int]:
    """Return which seconds of the upload are shown, in their order."""
    return [second for first, last in kept for second in range(int(first), int(last))]


@given(spans(), spans())
def test_cutting_what_is_cut_shows_what_cutting_the_film_would(shown: Spans, keep: Spans):
    before = seconds_of(shown)
    after = [second for at in seconds_of(keep) for second in before[at : at + 1]]
    assert seconds_of(composed(shown, keep)) == after


@given(spans())
def test_of_a_whole_film_parts_are_what_they_are(keep: Spans):
    assert seconds_of(composed((), keep)) == seconds_of(keep)
    assert length(keep) == len(seconds_of(keep))


@given(spans(), spans(), st.integers(0, 300))
def test_a_second_moves_with_what_it_shows(old: Spans, new: Spans, at: int):
    before, after = seconds_of(old), seconds_of(new)
    shown = before[at] if at < len(before) else None
    found = moved((at, at + 1), old, new)
    if shown in after:
        where = after.index(shown)
        assert found == (where, where + 1)
    else:
        assert found is None


def test_a_text_across_a_cut_lasts_for_what_is_left_of_it():
    assert moved((4, 10), (), ((0, 5), (9, 20))) == (4, 6)
    assert moved((2, 3), ((10, 20),), ()) == (12, 13)
