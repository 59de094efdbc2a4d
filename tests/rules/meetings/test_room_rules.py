"""How many meetings are there at once."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from quadrangle.meetings.scheduling.room_rules import most_at_once
from tests.rules.meetings.made import NOW

M = timedelta(minutes=1)
spans = st.tuples(st.integers(0, 50), st.integers(1, 30)).map(
    lambda span: (NOW + span[0] * M, NOW + (span[0] + span[1]) * M)
)


@given(spans, st.lists(spans, max_size=8))
def test_the_most_at_once_is_what_counting_each_minute_gives(within, others):
    first, last = within
    counts = []
    moment = first
    while moment < last:
        counts.append(sum(begun <= moment < end for begun, end in others))
        moment += M
    assert most_at_once(within, others) == max(counts)
