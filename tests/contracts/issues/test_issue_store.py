"""What every issue store keeps and finds."""

import asyncio
from datetime import datetime, timedelta

import msgspec
import pytest

from quadrangle.issues import retry_rules, rules
from quadrangle.issues.model import Issue, Photo, Priority, Status
from quadrangle.issues.numbers import number_of
from quadrangle.issues.ports import NOBODY, IssueQuery
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import Conflict, InvalidInput, KeyReused
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import ANYONE, Principal, Role
from quadrangle.sql.issues.projection import rebuild
from tests.contracts.issues.desks import STAFF, Desk, SqlDesk


async def test_a_reported_issue_is_found_as_it_was_saved(desk: Desk):
    saved = await desk.report("Ünïcode 🎓 <b>&amp;", email="a@campus.example", name="Ada")
    assert await desk.store.get(saved.issue_id) == saved


async def test_an_unknown_id_is_none(desk: Desk):
    assert await desk.store.get(new_id()) is None


async def test_the_change_record_comes_with_the_issue(desk: Desk):
    issue = await desk.report()
    (change,) = await desk.store.history(issue.issue_id)
    assert (change.kind, change.subject, change.at) == (
        "issue.reported",
        issue.issue_id,
        issue.created_at,
    )
    assert change.data == {"issueType": "Network", "location": "Library", "status": "OPEN"}


async def test_many_reports_and_lookups_at_once(desk: Desk):
    issues = await asyncio.gather(*(desk.report(f"number {n}") for n in range(300)))
    found = await asyncio.gather(*(desk.store.get(issue.issue_id) for issue in issues))
    assert found == issues


async def test_the_same_idempotency_key_gives_the_first_issue(desk: Desk):
    first = await desk.report("first", idempotency_key="abc")
    again = await desk.report("first", idempotency_key="abc")
    assert again == first
    assert await desk.ids() == [first.issue_id]
    assert len(await desk.store.history(first.issue_id)) == 1


async def test_the_same_key_with_another_report_is_refused(desk: Desk):
    first = await desk.report("first", idempotency_key="abc")
    with pytest.raises(KeyReused):
        await desk.report("second", idempotency_key="abc")
    assert await desk.ids() == [first.issue_id]


async def test_a_key_is_its_senders(desk: Desk):
    first = await desk.report("first", idempotency_key="abc")
    others = await desk.report("first", STAFF, idempotency_key="abc")
    assert await desk.ids() == [others.issue_id, first.issue_id]
    assert await desk.report("first", STAFF, idempotency_key="abc") == others


@pytest.mark.parametrize("said", ["first", "second"])
async def test_a_key_ends_after_a_day(desk: Desk, said: str):
    first = await desk.report("first", idempotency_key="abc")
    desk.clock.advance(retry_rules.LIFE)
    later = await desk.report(said, idempotency_key="abc")
    assert await desk.ids() == [later.issue_id, first.issue_id]
    assert await desk.report(said, idempotency_key="abc") == later


async def test_saving_over_a_newer_version_is_a_conflict_and_changes_nothing(desk: Desk):
    issue = await desk.report()
    await desk.edit(issue, status=Status.RESOLVED)
    with pytest.raises(Conflict):
        await desk.edit(issue, priority=Priority.URGENT)
    stored = await desk.store.get(issue.issue_id)
    assert stored is not None
    assert (stored.status, stored.priority) == (Status.RESOLVED, Priority.NORMAL)
    assert [c.kind for c in await desk.store.history(issue.issue_id)] == [
        "issue.reported",
        "issue.status-changed",
    ]


async def test_lists_are_newest_first_and_narrowed_by_every_filter(desk: Desk):
    a = await desk.report(issue_type="Network", location="Library")
    b = await desk.report(issue_type="Security", location="Library")
    c = await desk.report(issue_type="Network", location="Car Park")
    b = await desk.edit(b, status=Status.IN_PROGRESS, assignee_id="account-1")
    c = await desk.edit(c, priority=Priority.URGENT)
    assert await desk.ids() == [c.issue_id, b.issue_id, a.issue_id]
    assert await desk.ids(status=Status.IN_PROGRESS) == [b.issue_id]
    assert await desk.ids(issue_type="Network") == [c.issue_id, a.issue_id]
    assert await desk.ids(location="Library") == [b.issue_id, a.issue_id]
    assert await desk.ids(priority=Priority.URGENT) == [c.issue_id]
    assert await desk.ids(assignee_id="account-1") == [b.issue_id]
    assert await desk.ids(assignee_id=NOBODY) == [c.issue_id, a.issue_id]
    assert await desk.ids(issue_type="Network", location="Car Park") == [c.issue_id]
    assert await desk.ids(issue_type="Maintenance") == []


async def test_overdue_means_unresolved_and_past_its_target(desk: Desk):
    late = await desk.report(issue_type="Security")
    done = await desk.report(issue_type="Security")
    await desk.report(issue_type="Infrastructure")
    await desk.edit(done, status=Status.RESOLVED)
    moment = to_text(desk.clock.now() + timedelta(hours=9))
    assert await desk.ids(overdue_at=moment) == [late.issue_id]


async def test_pages_stay_right_while_new_issues_arrive(desk: Desk):
    old = [(await desk.report(f"number {n}")).issue_id for n in range(7)]
    seen: list[str] = []
    cursor = None
    while True:
        page = await desk.store.page(IssueQuery(), 3, cursor)
        seen += [issue.issue_id for issue in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
        await desk.report("arrived meanwhile")
    assert seen == old[::-1]


async def test_a_made_up_cursor_is_refused(desk: Desk):
    for cursor in ("nonsense", "!!!", "", "eyJhIjoxfQ", "\x00"):
        with pytest.raises(InvalidInput):
            await desk.store.page(IssueQuery(), 3, cursor)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("projector", True),
        ("PROJ", True),
        ("green projector", True),
        ("projector purple", False),
        ("libr", True),
        ("ada", True),
        ("ada@campus.example", True),
        ("cafe", True),
        ('"', False),
        ("NOT AND OR (", False),
        ("projector*", True),
        ("%", False),
    ],
)
async def test_search_finds_words_and_the_beginning_of_the_last(desk: Desk, text, expected):
    issue = await desk.report(
        "The projector's picture is GREEN, in the Café", name="Ada", email="ada@campus.example"
    )
    await desk.report("Something else entirely", issue_type="Other", location="Sports Centre")
    await desk.project()
    assert await desk.ids(text=text) == ([issue.issue_id] if expected else [])


async def test_what_is_longer_than_any_word_leaves_the_others_to_be_found(desk: Desk):
    issue = await desk.report(f"{'x' * 4_900} projector")
    await desk.project()
    assert await desk.ids(text="projector") == [issue.issue_id]


async def test_search_finds_an_issue_by_the_beginning_of_a_random_id(desk: Desk):
    issue = await desk.report(issue_id=new_id())
    await desk.report()
    await desk.project()
    assert await desk.ids(text=issue.issue_id[:8]) == [issue.issue_id]


async def test_search_finds_an_issue_by_its_number(desk: Desk):
    issue = await desk.report()
    await desk.report()
    await desk.project()
    number = number_of(issue.issue_id)
    assert await desk.ids(text=number) == [issue.issue_id]
    assert await desk.ids(text=number.upper()) == [issue.issue_id]
    assert await desk.ids(text=number, location="Nowhere") == []


async def test_search_finds_an_issue_by_its_whole_id(desk: Desk):
    issue = await desk.report()
    await desk.report()
    await desk.project()
    assert await desk.ids(text=issue.issue_id) == [issue.issue_id]


async def test_search_goes_together_with_filters_and_pages(desk: Desk):
    wanted = []
    for n in range(6):
        issue = await desk.report(f"projector {n}", location="Library" if n % 2 else "Car Park")
        if n % 2:
            wanted.insert(0, issue.issue_id)
    resolved = await desk.store.get(wanted[0])
    assert resolved is not None
    await desk.edit(resolved, status=Status.RESOLVED)
    await desk.project()
    query = IssueQuery(text="projector", location="Library", status=Status.OPEN)
    first = await desk.store.page(query, 1, None)
    second = await desk.store.page(query, 1, first.next_cursor)
    assert [i.issue_id for i in first.items + second.items] == wanted[1:]
    assert second.next_cursor is None


async def test_counts_follow_every_change(desk: Desk):
    a = await desk.report(issue_type="Network", location="Library")
    b = await desk.report(issue_type="Security", location="Library")
    c = await desk.report(issue_type="Security", location="Car Park")
    await desk.project()
    b = await desk.edit(b, status=Status.RESOLVED)
    c = await desk.edit(c, assignee_id="account-1", location="Library")
    a = await desk.edit(a, status=Status.IN_PROGRESS)
    await desk.project()
    later = desk.clock.now() + timedelta(hours=9)
    counts = await desk.store.counts(None, None, later)
    assert counts.total == 3
    assert counts.status == {Status.OPEN: 1, Status.IN_PROGRESS: 1, Status.RESOLVED: 1}
    assert counts.issue_type == {"Network": 1, "Security": 1}
    assert counts.location == {"Library": 2}
    assert (counts.unassigned, counts.overdue) == (1, 1)
    narrowed = await desk.store.counts("Network", None, later)
    assert (narrowed.total, narrowed.location, narrowed.overdue) == (1, {"Library": 1}, 0)


async def test_counting_a_change_again_counts_it_once(desk: Desk):
    issue = await desk.report()
    await desk.project()
    await desk.edit(issue, status=Status.RESOLVED)
    for _ in range(3):
        await desk.project()
    counts = await desk.store.counts(None, None, desk.clock.now())
    assert counts.status[Status.RESOLVED] == counts.total == 1


@pytest.mark.parametrize("desk", ["sqlite", "postgresql"], indirect=True)
async def test_counting_everything_anew_gives_the_same(desk: SqlDesk):
    issue = await desk.report()
    await desk.edit(issue, status=Status.RESOLVED)
    await desk.project()
    before = await desk.store.counts(None, None, desk.clock.now())
    await desk.database.write(rebuild)
    assert await desk.store.counts(None, None, desk.clock.now()) == before
    assert before.total == 1


async def test_statistics_give_figures_by_day_type_place_and_time_to_resolution(desk: Desk):
    first_day = desk.clock.now().date().isoformat()
    issues = [await desk.report(issue_type="Security") for _ in range(10)]
    await desk.report(issue_type="Never heard of", location="Car Park")
    for hours, issue in enumerate(issues, start=1):
        reported = datetime.fromisoformat(issue.created_at)
        desk.clock.advance(reported + timedelta(hours=hours) - desk.clock.now())
        desk.clock.advance(timedelta(seconds=-1))
        await desk.edit(issue, status=Status.RESOLVED)
    await desk.project()
    last_day = desk.clock.now().date().isoformat()
    data = await desk.store.statistics(first_day, last_day, ["Security", "Other"])
    assert [(d.day, d.reported, d.resolved) for d in data.days] == [(first_day, 11, 10)]
    assert [(g.name, g.reported, g.resolved, g.unresolved) for g in data.types] == [
        ("Security", 10, 10, 0),
        ("Other", 1, 0, 1),
    ]
    assert [(g.name, g.reported, g.unresolved) for g in data.locations] == [
        ("Library", 10, 0),
        ("Car Park", 1, 1),
    ]
    took = data.durations["Security"]
    assert (took.count, took.with_target, took.within_target) == (10, 10, 8)
    assert took.median_hours == pytest.approx(5, abs=0.01)
    assert took.p90_hours == pytest.approx(9, abs=0.01)
    assert data.all_durations == took


async def test_statistics_of_nothing(desk: Desk):
    data = await desk.store.statistics("2026-01-01", "2026-01-31", ["Other"])
    assert (data.days, data.types, data.durations, data.all_durations) == ([], [], {}, None)


async def test_conversation_and_photos_are_saved_with_the_issue(desk: Desk):
    issue = await desk.report()
    written, entry, facts = rules.comment(issue, new_id(), "note", "Look", STAFF, desk.clock.now())
    await desk.store.save(written, facts, comment=entry)
    at = to_text(desk.clock.now())
    photo = Photo(new_id(), issue.issue_id, "image/jpeg", 640, 480, 12345, at)
    with_photo, facts = rules.add_photo(written, photo, ANYONE, desk.clock.now())
    await desk.store.save(with_photo, facts, add_photo=photo)
    assert await desk.store.conversation(issue.issue_id) == [entry]
    assert await desk.store.photos(issue.issue_id) == [photo]
    assert await desk.store.photo(issue.issue_id, photo.photo_id) == photo
    assert await desk.store.photo(new_id(), photo.photo_id) is None
    without, facts = rules.remove_photo(with_photo, photo, STAFF, desk.clock.now())
    await desk.store.save(without, facts, remove_photo=photo.photo_id)
    assert await desk.store.photos(issue.issue_id) == []


async def commented(desk: Desk, issue: Issue, actor: Principal) -> Issue:
    written, entry, facts = rules.comment(issue, new_id(), "reply", "Look", actor, desk.clock.now())
    await desk.store.save(written, facts, comment=entry)
    return written


async def test_an_author_is_renamed_everywhere_and_nobody_else_is(desk: Desk):
    other = Principal("Other member", Role.STAFF, "account-2")
    first = await commented(desk, await desk.report(), STAFF)
    first = await commented(desk, first, other)
    second = await desk.edit(await desk.report(), status=Status.RESOLVED)
    histories = [await desk.store.history(each.issue_id) for each in (first, second)]
    for _ in range(2):
        behind = await desk.store.rename_author("account-1", "Former member")
        while behind is not None:
            behind = await desk.store.rename_author("account-1", "Former member", behind)
    said = await desk.store.conversation(first.issue_id)
    assert [entry.author_name for entry in said] == ["Former member", "Other member"]
    assert [entry.author_id for entry in said] == ["account-1", "account-2"]
    for before, issue in zip(histories, (first, second), strict=True):
        assert await desk.store.history(issue.issue_id) == [
            msgspec.structs.replace(each, actor="Former member")
            if each.actor_id == "account-1"
            else each
            for each in before
        ]
        assert await desk.store.get(issue.issue_id) == issue


async def test_duplicates_are_found_from_their_original(desk: Desk):
    original, other = await desk.report(), await desk.report()
    linked = await desk.edit(other, duplicate_of=original.issue_id)
    assert await desk.store.duplicates(original.issue_id) == [linked]
    assert await desk.store.duplicates(other.issue_id) == []


async def test_streaming_yields_every_issue_newest_first(desk: Desk, monkeypatch):
    monkeypatch.setattr("quadrangle.sql.issues.store.STREAM_PAGE", 2)
    monkeypatch.setattr("quadrangle.aws.issues.store.STREAM_PAGE", 2)
    expected = [await desk.report(f"{n}") for n in range(5)][::-1]
    assert [issue async for issue in desk.store.stream(IssueQuery())] == expected


async def test_a_failing_write_leaves_its_neighbours_alone(desk: Desk):
    import asyncio

    issue = await desk.report()
    stale = msgspec.structs.replace(issue, version=issue.version + 5)
    results = await asyncio.gather(
        desk.report("before"),
        desk.store.save(stale, []),
        desk.report("after"),
        return_exceptions=True,
    )
    assert isinstance(results[1], Conflict)
    assert len(await desk.ids()) == 3


async def test_a_reopened_issue_no_longer_counts_as_resolved(desk: Desk):
    day = desk.clock.now().date().isoformat()
    issue = await desk.report()
    issue = await desk.edit(issue, status=Status.RESOLVED)
    await desk.project()
    await desk.edit(issue, status=Status.OPEN)
    await desk.project()
    data = await desk.store.statistics(day, day, ["Network", "Other"])
    assert [(d.reported, d.resolved) for d in data.days] == [(1, 0)]
    assert (data.durations, data.all_durations) == ({}, None)


async def test_search_forgets_words_that_an_issue_no_longer_has(desk: Desk):
    issue = await desk.report(location="Observatory")
    await desk.project()
    assert await desk.ids(text="observatory") == [issue.issue_id]
    await desk.edit(issue, location="Planetarium")
    await desk.project()
    assert await desk.ids(text="observatory") == []
    assert await desk.ids(text="planet") == [issue.issue_id]


async def test_issues_of_one_instant_are_each_listed_once(desk: Desk):
    expected = set()
    for n in range(6):
        issue = await desk.report(f"number {n}")
        desk.clock.advance(timedelta(seconds=-1))
        expected.add(issue.issue_id)
    seen, cursor = [], None
    for _ in range(10):
        page = await desk.store.page(IssueQuery(), 2, cursor)
        seen += [issue.issue_id for issue in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == 6
    assert set(seen) == expected
