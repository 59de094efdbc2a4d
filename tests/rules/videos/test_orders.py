"""An order saved by somebody who was not shown every video of a course."""

import pytest

from quadrangle.videos.courses.rules import with_unseen


@pytest.mark.parametrize(
    ("before", "order", "shown", "after"),
    [
        ([1, 2, 3], [3, 1], {1, 3}, [3, 1, 2]),
        ([9, 1, 2], [2, 1], {1, 2}, [9, 2, 1]),
        ([1, 8, 9, 2], [2, 1], {1, 2}, [2, 1, 8, 9]),
        ([1, 8, 2], [2], {1, 2}, [8, 2]),
        ([1, 2], [2, 5, 1], {1, 2}, [2, 5, 1]),
        ([1, 2], [], {1, 2}, []),
        ([1, 9], [9, 1], {1}, [9, 1]),
    ],
)
def test_what_was_not_shown_stays_where_it_was(
    before: list[int], order: list[int], shown: set[int], after: list[int]
):
    assert with_unseen(before, order, shown) == after
