"""Sums of what is unresolved move from any state to any other, and come to nothing at the end."""

from collections import Counter

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.issues.model import Issue, Status
from quadrangle.issues.overview.unresolved import ANY, By, Unresolved, sums

ISSUES = st.lists(
    st.none()
    | st.builds(
        Unresolved,
        issue_type=st.sampled_from(["Network", "Security"]),
        location=st.sampled_from(["Library", "Roof"]),
        urgent=st.booleans(),
        assignee_id=st.sampled_from([None, "account-1", "account-2"]),
        due_at=st.sampled_from(
            [
                None,
                "2026-11-21T23:59:59.999Z",
                "2026-11-22T00:00:00.000Z",
                "2026-11-22T00:30:00.000Z",
            ]
        ),
    ),
    max_size=6,
)


@given(ISSUES, ISSUES)
def test_a_move_is_the_difference_of_what_there_was_and_is(old, new):
    moved, there = Counter(sums([], old)), Counter(sums([], new))
    moved.update(sums(old, new))
    assert {key: n for key, n in moved.items() if n} == there
    there.update(sums(new, []))
    assert not any(there.values())


@given(ISSUES)
def test_within_any_type_and_place_is_what_is_within_all(issues):
    found = sums([], issues)
    for (issue_type, location, by, name), n in found.items():
        within = [
            m
            for (each, place, kind, called), m in found.items()
            if (kind, called) == (by, name)
            and (each == issue_type if issue_type else each != ANY)
            and (place == location if location else place != ANY)
        ]
        assert n == sum(within)


def test_an_issue_is_summed_by_what_presses_until_it_is_resolved():
    issue = Issue(
        issue_id="some",
        issue_type="Network",
        location="Library",
        description="Broken",
        created_at="2026-11-20T08:00:00.000Z",
        updated_at="2026-11-20T08:00:00.000Z",
        due_at="2026-11-21T08:30:00.000Z",
        assignee_id="account-1",
    )
    counted = {(by, name) for _, _, by, name in sums([], [Unresolved.of(issue)])}
    assert counted == {
        (By.ASSIGNEE, "account-1"),
        (By.DUE_DAY, "2026-11-21"),
        (By.DUE_HOUR, "2026-11-21T08"),
    }
    resolved = msgspec.structs.replace(issue, status=Status.RESOLVED)
    assert Unresolved.of(resolved) is None
