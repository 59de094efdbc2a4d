"""Lists in other orders than newest first, on every store."""

from datetime import timedelta

import msgspec
import pytest

from quadrangle.issues.model import Issue, Priority, Status
from quadrangle.issues.numbers import number_of
from quadrangle.issues.ports import NOBODY, IssueQuery, Sort
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import InvalidInput
from tests.contracts.issues.desks import Desk

SORTS = [Sort.DUE, Sort.PRIORITY]
# By hours to their target: Security 8, Network 24, Maintenance 72, Infrastructure 120.


async def paged(desk: Desk, limit: int, **query) -> list[str]:
    """Return the ids of a list that is read in pages, none of them but the last without a next."""
    seen: list[str] = []
    cursor = None
    while True:
        page = await desk.store.page(IssueQuery(**query), limit, cursor)
        assert len(page.items) <= limit
        seen += [issue.issue_id for issue in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return seen


def ids(*issues: Issue) -> list[str]:
    return [issue.issue_id for issue in issues]


async def without_due(desk: Desk, issue: Issue) -> Issue:
    """Take an issue's target away, as a campus without targets has it."""
    free = msgspec.structs.replace(issue, due_at=None, version=issue.version + 1)
    await desk.store.save(free, [])
    return free


async def a_day_at_the_desk(desk: Desk) -> dict[str, Issue]:
    network = await desk.report("late bus", issue_type="Network")
    infra = await desk.report(issue_type="Infrastructure", location="Car Park")
    free_old = await without_due(desk, await desk.report(issue_type="Other"))
    security = await desk.report("late lock", issue_type="Security")
    free_new = await without_due(desk, await desk.report(issue_type="Other"))
    done_old = await desk.report(issue_type="Security")
    done_new = await desk.report("late door", issue_type="Security", location="Car Park")
    working = await desk.report("late lift", issue_type="Maintenance")
    return {
        "network": await desk.edit(network, priority=Priority.LOW),
        "infra": await desk.edit(infra, priority=Priority.URGENT),
        "free_old": free_old,
        "security": security,
        "free_new": await desk.edit(free_new, priority=Priority.HIGH),
        "done_old": await desk.edit(done_old, status=Status.RESOLVED),
        "done_new": await desk.edit(done_new, status=Status.RESOLVED, priority=Priority.URGENT),
        "working": await desk.edit(working, status=Status.IN_PROGRESS, assignee_id="account-1"),
    }


BY_DUE = [
    "security", "network", "working", "infra", "free_new", "free_old", "done_new", "done_old",
]  # fmt: skip
BY_PRIORITY = [
    "done_new", "infra", "free_new", "working", "done_old", "security", "free_old", "network",
]  # fmt: skip


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
@pytest.mark.parametrize(("sort", "order"), [(Sort.DUE, BY_DUE), (Sort.PRIORITY, BY_PRIORITY)])
async def test_a_list_keeps_its_order_over_pages(desk: Desk, sort, order, limit):
    day = await a_day_at_the_desk(desk)
    assert await paged(desk, limit, sort=sort) == ids(*(day[name] for name in order))


@pytest.mark.parametrize(("sort", "order"), [(Sort.DUE, BY_DUE), (Sort.PRIORITY, BY_PRIORITY)])
async def test_every_filter_narrows_a_sorted_list(desk: Desk, sort, order):
    day = await a_day_at_the_desk(desk)
    await desk.project()
    noon = to_text(desk.clock.now() + timedelta(hours=30))
    filters = [
        ({"status": Status.OPEN}, lambda i: i.status is Status.OPEN),
        ({"status": Status.IN_PROGRESS}, lambda i: i.status is Status.IN_PROGRESS),
        ({"status": Status.RESOLVED}, lambda i: i.status is Status.RESOLVED),
        ({"issue_type": "Security"}, lambda i: i.issue_type == "Security"),
        ({"location": "Car Park"}, lambda i: i.location == "Car Park"),
        ({"assignee_id": "account-1"}, lambda i: i.assignee_id == "account-1"),
        ({"assignee_id": NOBODY}, lambda i: i.assignee_id is None),
        ({"priority": Priority.URGENT}, lambda i: i.priority is Priority.URGENT),
        ({"text": "late"}, lambda i: "late" in i.description),
        (
            {"text": "lat", "status": Status.OPEN},
            lambda i: "late" in i.description and i.status is Status.OPEN,
        ),
        ({"overdue_at": noon}, lambda i: not i.resolved_at and i.due_at and i.due_at < noon),
        ({"text": "nowhere"}, lambda i: False),
        ({"text": number_of(day["infra"].issue_id)}, lambda i: i.issue_id == day["infra"].issue_id),
    ]
    for query, is_in in filters:
        expected = [day[name].issue_id for name in order if is_in(day[name])]
        for limit in (1, 50):
            assert await paged(desk, limit, sort=sort, **query) == expected, query


@pytest.mark.parametrize("sort", SORTS)
async def test_a_sorted_list_streams_whole(desk: Desk, sort):
    await a_day_at_the_desk(desk)
    streamed = [issue.issue_id async for issue in desk.store.stream(IssueQuery(sort=sort))]
    assert streamed == await paged(desk, 50, sort=sort)


async def test_issues_due_at_one_instant_are_each_listed_once(desk: Desk, monkeypatch):
    monkeypatch.setattr(desk.clock, "advance", lambda _: None)
    reported = [await desk.report(f"number {n}") for n in range(7)]
    seen = await paged(desk, 2, sort=Sort.DUE)
    assert sorted(seen) == sorted(ids(*reported))


@pytest.mark.parametrize("sort", SORTS)
async def test_an_exact_page_ends_the_list(desk: Desk, sort):
    await desk.report()
    await desk.report()
    page = await desk.store.page(IssueQuery(sort=sort), 2, None)
    assert (len(page.items), page.next_cursor) == (2, None)


async def test_a_cursor_belongs_to_its_order(desk: Desk):
    for _ in range(3):
        await desk.report()
    cursors = {
        sort: (await desk.store.page(IssueQuery(sort=sort), 1, None)).next_cursor for sort in Sort
    }
    for sort in SORTS:
        for other in set(Sort) - {sort}:
            with pytest.raises(InvalidInput):
                await desk.store.page(IssueQuery(sort=sort), 1, cursors[other])
    for cursor in ("nonsense", "!!!", "", "eyJhIjoxfQ", "\x00"):
        with pytest.raises(InvalidInput):
            await desk.store.page(IssueQuery(sort=Sort.DUE), 3, cursor)


async def test_urgent_and_ones_own_are_counted_while_unresolved(desk: Desk):
    mine = await desk.report(issue_type="Network")
    both = await desk.report(issue_type="Security")
    others = await desk.report()
    done = await desk.report()
    await desk.edit(mine, assignee_id="account-1")
    await desk.edit(both, assignee_id="account-1", priority=Priority.URGENT)
    await desk.edit(others, assignee_id="account-2")
    await desk.edit(done, assignee_id="account-1", priority=Priority.URGENT, status=Status.RESOLVED)
    await desk.project()
    counts = await desk.store.counts(None, None, desk.clock.now(), "account-1")
    assert (counts.urgent, counts.mine) == (1, 2)
    counts = await desk.store.counts("Network", "Library", desk.clock.now(), "account-1")
    assert (counts.urgent, counts.mine) == (0, 1)
    counts = await desk.store.counts(None, None, desk.clock.now())
    assert (counts.urgent, counts.mine) == (1, 0)
