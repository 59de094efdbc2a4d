"""Whose a report is, on every store: made signed in, added later, released with the account."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from quadrangle.issues import rules
from quadrangle.issues.model import Issue
from quadrangle.issues.own_reports import OwnReports
from quadrangle.issues.owner_rules import Claim
from quadrangle.kernel.errors import Forbidden, InvalidInput, NotSignedIn
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import ANYONE, Principal, Role
from tests.contracts.issues.desks import Desk, SqlDesk
from tests.parts import release_all

ANN = Principal("Ann", Role.STUDENT, new_id())
BEN = Principal("Ben", Role.STUDENT, new_id())
BO = Principal("Bo", Role.STAFF, new_id())
PIN = Principal("Staff", Role.STAFF)
MACHINE = Principal("Timetable", Role.STUDENT, scopes=frozenset({"issues:report"}))
KEY = "5b0c7c1de7c14a4f8f5f0d2a9c3e7b11"
FORMER = "Former member"


class Members:
    """Implements issues.ports.MemberDirectory with Ann and Ben, and Bo of staff."""

    async def name_of(self, account_id: str) -> str | None:
        return {each.account_id: each.name for each in (ANN, BEN, BO)}.get(account_id)

    async def address_of(self, account_id: str) -> str | None:
        name = await self.name_of(account_id)
        return name and f"{name.lower()}@campus.example"

    async def was_staff(self, account_id: str) -> bool:
        return account_id == BO.account_id


@pytest.fixture
def own(desk: Desk) -> OwnReports:
    return OwnReports(desk.store, Members(), desk.clock)


async def ids(own: OwnReports, whose: Principal, limit: int = 50) -> list[str]:
    """Return what somebody's own reports are, read page by page."""
    found: list[str] = []
    cursor = None
    while True:
        page = await own.page(limit, cursor, whose)
        assert len(page.items) <= limit
        found += [issue.issue_id for issue in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return found


async def claimed(own: OwnReports, whose: Principal, issue: Issue, key: str | None = None) -> bool:
    return await own.claim([Claim(issue.issue_id, key)], whose) == [issue.issue_id]


async def current(desk: Desk, issue: Issue) -> Issue:
    found = await desk.store.get(issue.issue_id)
    assert found is not None
    return found


async def test_ones_own_are_those_sent_signed_in_newest_first_page_by_page(
    desk: Desk, own: OwnReports
):
    mine = [(await desk.report(f"number {n}", ANN)).issue_id for n in range(5)]
    theirs = await desk.report("theirs", BEN)
    for sender in (ANYONE, PIN, MACHINE):
        assert (await desk.report("nobody's", sender)).reporter_id is None
    for limit in (1, 2, 5, 50):
        assert await ids(own, ANN, limit) == mine[::-1]
    assert await ids(own, BEN) == [theirs.issue_id]
    assert await ids(own, BO) == []


async def test_new_ones_do_not_disturb_a_page_that_has_begun(desk: Desk, own: OwnReports):
    mine = [(await desk.report(f"number {n}", ANN)).issue_id for n in range(4)]
    first = await own.page(2, None, ANN)
    await desk.report("newer", ANN)
    second = await own.page(2, first.next_cursor, ANN)
    assert [each.issue_id for each in (*first.items, *second.items)] == mine[::-1]
    assert second.next_cursor is None


@pytest.mark.parametrize("cursor", ["%", "WyJhIl0", "eyJhIjoxfQ"])
async def test_a_cursor_nobody_gave_out_is_refused(own: OwnReports, cursor: str):
    with pytest.raises(InvalidInput):
        await own.page(2, cursor, ANN)


@pytest.mark.parametrize(
    ("who", "error"), [(ANYONE, NotSignedIn), (PIN, Forbidden), (MACHINE, Forbidden)]
)
async def test_without_an_account_there_are_none(own: OwnReports, who: Principal, error: Any):
    with pytest.raises(error):
        await own.page(50, None, who)
    with pytest.raises(error):
        await own.claim([Claim(new_id(), KEY)], who)


async def test_a_report_is_added_by_the_key_it_was_sent_with(desk: Desk, own: OwnReports):
    before = await desk.report("before", idempotency_key=KEY)
    later = await desk.report("later", ANN)
    assert not await claimed(own, ANN, before, "another key")
    assert not await claimed(own, ANN, before)
    assert await ids(own, ANN) == [later.issue_id]
    assert await claimed(own, ANN, before, KEY)
    assert await ids(own, ANN) == [later.issue_id, before.issue_id]
    now = await current(desk, before)
    assert (now.reporter_id, now.updated_at) == (ANN.account_id, before.updated_at)
    history = await desk.store.history(before.issue_id)
    assert [(each.kind, each.actor) for each in history] == [
        ("issue.reported", "Reporter"),
        ("issue.claimed", "Ann"),
    ]
    assert history[-1].kind in rules.STAFF_KINDS  # whoever else follows it sees nothing


async def test_a_key_proves_nothing_about_another_report(desk: Desk, own: OwnReports):
    await desk.report("sent here", idempotency_key=KEY)
    shown = await desk.report("shown to Ann", idempotency_key="of somebody else")
    assert not await claimed(own, ANN, shown, KEY)
    assert await ids(own, ANN) == []


async def test_a_report_is_added_by_the_address_that_was_given_in_it(desk: Desk, own: OwnReports):
    mine = await desk.report(email="Ann@campus.example")
    theirs = await desk.report(email="ben@campus.example")
    without = await desk.report()
    claims = [Claim(each.issue_id) for each in (mine, theirs, without)]
    assert await own.claim(claims, ANN) == [mine.issue_id]
    assert await ids(own, ANN) == [mine.issue_id]


async def test_what_is_somebodys_stays_theirs(desk: Desk, own: OwnReports):
    issue = await desk.report(idempotency_key=KEY, email="ben@campus.example")
    assert await claimed(own, ANN, issue, KEY)
    assert not await claimed(own, BEN, issue, KEY)
    signed_in = await desk.report("signed in", ANN, idempotency_key=KEY, email="ben@campus.example")
    assert not await claimed(own, BEN, signed_in, KEY)
    assert await ids(own, BEN) == []


async def test_adding_it_again_changes_nothing(desk: Desk, own: OwnReports):
    issue = await desk.report(idempotency_key=KEY)
    assert await claimed(own, ANN, issue, KEY)
    once = await current(desk, issue)
    assert await claimed(own, ANN, issue)
    assert await current(desk, issue) == once


async def test_of_two_who_add_it_at_once_one_has_it(desk: Desk, own: OwnReports):
    issue = await desk.report(idempotency_key=KEY)
    had = await asyncio.gather(*(claimed(own, who, issue, KEY) for who in (ANN, BEN)))
    assert sorted(had) == [False, True]
    lists = [await ids(own, who) for who in (ANN, BEN)]
    assert sorted(lists) == [[], [issue.issue_id]]


async def test_what_is_not_there_is_not_added(own: OwnReports):
    assert await own.claim([Claim(new_id(), KEY), Claim("no id", KEY)], ANN) == []


@pytest.mark.parametrize(
    "claims",
    [[], [Claim(new_id())] * 51, [Claim(new_id(), "")], [Claim(new_id(), "k" * 65)]],
    ids=["none", "too many", "empty key", "long key"],
)
async def test_too_many_at_once_and_no_keys_are_refused(own: OwnReports, claims: list[Claim]):
    with pytest.raises(InvalidInput):
        await own.claim(claims, ANN)


async def test_a_report_keeps_its_owner_when_staff_changes_it(desk: Desk, own: OwnReports):
    issue = await desk.report("mine", ANN)
    await desk.edit(issue, location="Car Park")
    assert await ids(own, ANN) == [issue.issue_id]
    assert (await current(desk, issue)).reporter_id == ANN.account_id


async def test_closing_the_account_leaves_its_reports_without_it(desk: Desk, own: OwnReports):
    sent = await desk.report("sent", ANN, name="Ann Smith", email="ann@campus.example")
    added = await desk.report("added", name="Ann Smith", idempotency_key=KEY)
    await reply(desk, added)
    assert await claimed(own, ANN, added, KEY)
    theirs = await desk.report("theirs", BEN, name="Ann Smith")
    await desk.project()
    assert await desk.ids(text="Smith") == [theirs.issue_id, added.issue_id, sent.issue_id]
    for _ in range(2):  # it is safe to repeat
        assert ANN.account_id is not None
        await release_all(own, ANN.account_id, FORMER)
    assert await ids(own, ANN) == []
    for issue in (sent, added):
        now = await current(desk, issue)
        assert (now.reporter_id, now.reporter_email, now.reporter_name) == (None, None, None)
        assert (now.description, now.updated_at >= issue.updated_at) == (issue.description, True)
        history = await desk.store.history(issue.issue_id)
        assert [each.kind for each in history].count("issue.released") == 1
    shown = await desk.store.history(added.issue_id)
    assert [each.actor for each in shown] == [FORMER, FORMER, "Ann", "Quadrangle"]
    (entry,) = await desk.store.conversation(added.issue_id)
    assert entry.author_name == FORMER
    await desk.project()
    assert await desk.ids(text="Smith") == [theirs.issue_id]
    assert await current(desk, theirs) == theirs


async def test_what_another_gave_stays_when_who_had_the_key_closes_the_account(
    desk: Desk, own: OwnReports
):
    theirs = await desk.report(name="Eve S.", email="eve@x.example", idempotency_key=KEY)
    mine = await desk.report(name="Ann S.", email="ANN@campus.example", idempotency_key=KEY + "2")
    await reply(desk, theirs)
    assert await claimed(own, ANN, theirs, KEY)
    assert await claimed(own, ANN, mine, KEY + "2")
    kept = [(await current(desk, each)).others_contact for each in (theirs, mine)]
    assert kept == [True, False]
    assert ANN.account_id is not None
    for _ in range(2):
        await release_all(own, ANN.account_id, FORMER)
    assert await ids(own, ANN) == []
    now = await current(desk, theirs)
    assert (now.reporter_id, now.reporter_email) == (None, "eve@x.example")
    assert (now.reporter_name, now.others_contact) == ("Eve S.", False)
    history = await desk.store.history(theirs.issue_id)
    assert [each.actor for each in history] == ["Eve S.", "Eve S.", "Ann", "Quadrangle"]
    assert (await current(desk, mine)).reporter_name is None


async def test_whose_name_and_address_it_has_is_settled_anew_for_the_next_account(
    desk: Desk, own: OwnReports
):
    issue = await desk.report(name="Ben S.", email="ben@campus.example", idempotency_key=KEY)
    assert await claimed(own, ANN, issue, KEY)
    assert ANN.account_id is not None
    assert BEN.account_id is not None
    await release_all(own, ANN.account_id, FORMER)
    assert await claimed(own, BEN, issue)
    assert not (await current(desk, issue)).others_contact
    await release_all(own, BEN.account_id, FORMER)
    now = await current(desk, issue)
    assert (now.reporter_email, now.reporter_name) == (None, None)


async def test_what_staff_gave_for_somebody_else_stays(desk: Desk, own: OwnReports):
    issue = await desk.report("by phone", BO, name="A caller", email="caller@campus.example")
    assert BO.account_id is not None
    await release_all(own, BO.account_id, FORMER)
    now = await current(desk, issue)
    assert (now.reporter_id, now.reporter_name) == (None, "A caller")
    assert now.reporter_email == "caller@campus.example"


async def test_more_reports_than_are_released_at_once(desk: Desk, own: OwnReports):
    for n in range(103):
        await desk.report(f"number {n}", ANN)
    assert ANN.account_id is not None
    await release_all(own, ANN.account_id, FORMER)
    assert await ids(own, ANN) == []


async def test_a_list_of_ones_own_is_read_off_an_index(desk: Desk):
    if not isinstance(desk, SqlDesk) or desk.database.dialect != "sqlite":
        pytest.skip("how a query is answered is asked of SQLite alone")
    asked = "EXPLAIN QUERY PLAN SELECT seq FROM issues WHERE reporter_id = ? ORDER BY seq DESC"
    plan = await desk.database.read(lambda c: c.exec_driver_sql(asked, ("a",)).all())
    assert [row[3] for row in plan] == [
        "SEARCH issues USING COVERING INDEX issues_reporter (reporter_id=?)"
    ]


async def reply(desk: Desk, issue: Issue) -> None:
    """Reply as somebody who is not signed in."""
    desk.clock.advance(timedelta(seconds=1))
    written, entry, facts = rules.comment(
        issue, new_id(), "reply", "It still drips", ANYONE, desk.clock.now()
    )
    await desk.store.save(written, facts, comment=entry)
