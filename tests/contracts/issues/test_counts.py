"""Counts beside the filters are those of a look at every issue, whatever happened before."""

from datetime import datetime, timedelta
from itertools import cycle, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quadrangle.issues.model import Issue, Priority, Status
from quadrangle.issues.ports import Counts, IssueQuery
from quadrangle.kernel.clock import from_text, to_text
from tests.contracts.issues.desks import Desk
from tests.properties import examples

TYPES = ("Security", "Network", "Of no target")
PLACES = ("Library", "Roof")
PEOPLE = ("account-1", "account-2", "account-3")

_reported = st.tuples(st.sampled_from(TYPES), st.sampled_from(PLACES))
_edited = st.tuples(
    st.integers(0, 9),
    st.one_of(
        st.builds(lambda v: {"status": v}, st.sampled_from(Status)),
        st.builds(lambda v: {"priority": v}, st.sampled_from(Priority)),
        st.builds(lambda v: {"assignee_id": v}, st.sampled_from((*PEOPLE, None))),
        st.builds(lambda v: {"issue_type": v}, st.sampled_from(TYPES)),
        st.builds(lambda v: {"location": v}, st.sampled_from(PLACES)),
    ),
)
_waited = st.integers(1, 40 * 3600)  # seconds
_counted = st.none()
STEPS = st.lists(
    st.one_of(_reported, _reported, _edited, _edited, _edited, _waited, _counted),
    min_size=4,
    max_size=16,
)
# from when something is due, or from the present
SHIFTS = st.sampled_from(
    [
        timedelta(milliseconds=-1),
        timedelta(0),
        timedelta(milliseconds=1),
        timedelta(minutes=59),
        timedelta(hours=1),
        timedelta(days=1),
    ]
)
LOOKED = st.tuples(st.integers(0, 9), SHIFTS)


def by_a_look_at_all(
    issues: list[Issue], issue_type: str | None, location: str | None, now: datetime, mine: str
) -> Counts:
    of_type = [i for i in issues if issue_type in (None, i.issue_type)]
    of_place = [i for i in issues if location in (None, i.location)]
    within = [i for i in of_type if location in (None, i.location)]
    to_do = [i for i in within if i.status is not Status.RESOLVED]
    return Counts(
        total=len(within),
        status={each: sum(i.status is each for i in within) for each in Status},
        issue_type=_named([i.issue_type for i in of_place if i.status is not Status.RESOLVED]),
        location=_named([i.location for i in of_type if i.status is not Status.RESOLVED]),
        unassigned=sum(i.assignee_id is None for i in to_do),
        overdue=sum(i.due_at is not None and i.due_at < to_text(now) for i in to_do),
        urgent=sum(i.priority is Priority.URGENT for i in to_do),
        mine=sum(i.assignee_id == mine for i in to_do),
    )


def _named(names: list[str]) -> dict[str, int]:
    return {name: names.count(name) for name in names}


async def done(desk: Desk, steps: list) -> None:
    """Do the steps: a report, an edit of one of the newest, a pause, or counting so far."""
    for step in steps:
        match step:
            case None:
                await desk.project()
            case int():
                desk.clock.advance(timedelta(seconds=step))
            case (str() as issue_type, location):
                await desk.report(issue_type=issue_type, location=location)
            case (number, fields):
                newest = (await desk.store.page(IssueQuery(), 10, None)).items
                ((field, value),) = fields.items()
                # an edit that changes nothing is not saved
                if number < len(newest) and getattr(newest[number], field) != value:
                    await desk.edit(newest[number], **fields)


async def everything(desk: Desk) -> list[Issue]:
    return [issue async for issue in desk.store.stream(IssueQuery())]


async def require_right(desk: Desk, instants: list[datetime]) -> None:
    """Compare all filters at each of the instants."""
    issues = await everything(desk)
    filters = product((None, *TYPES), (None, *PLACES), instants)
    for (issue_type, location, now), mine in zip(filters, cycle(PEOPLE), strict=False):
        counted = await desk.store.counts(issue_type, location, now, mine)
        assert counted == by_a_look_at_all(issues, issue_type, location, now, mine)


@settings(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, looked=LOOKED)
@pytest.mark.parametrize("desk", ["sqlite", "postgresql"], indirect=True)
async def test_counts_are_those_of_a_look_at_every_issue(desk: Desk, steps, looked):
    await require_right_after(desk, steps, looked)


@settings(
    max_examples=examples(2),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, looked=LOOKED)
@pytest.mark.parametrize("desk", ["dynamodb"], indirect=True)
async def test_so_they_are_on_dynamodb(desk: Desk, steps, looked):
    await require_right_after(desk, steps, looked)


async def require_right_after(desk: Desk, steps: list, looked: tuple[int, timedelta]) -> None:
    await done(desk, steps)
    await desk.project()
    number, shift = looked
    dues = sorted({i.due_at for i in await everything(desk) if i.due_at is not None})
    instants = [desk.clock.now() + shift]
    if dues:
        instants.append(from_text(dues[number % len(dues)]) + shift)
    await require_right(desk, instants)
