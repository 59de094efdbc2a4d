"""What several people do to the same issues at once, on every store."""

import asyncio

import pytest

from quadrangle.issues import rules
from quadrangle.issues.conversation import Conversation
from quadrangle.issues.model import DEFAULT_CATALOG, Issue
from quadrangle.issues.rules import IssueEdit
from quadrangle.kernel.errors import Conflict, InvalidInput, Outrun
from quadrangle.kernel.principal import ANYONE
from tests.contracts.issues.desks import STAFF, Desk, triage_on


async def linked_as_read(desk: Desk, issue: Issue, original: Issue) -> None:
    """Save a link by what was read before."""
    wanted = IssueEdit(duplicate_of=original.issue_id)
    linked, facts = rules.edit(issue, wanted, DEFAULT_CATALOG, STAFF, desk.clock.now())
    await desk.store.save(linked, facts, original=original)


async def test_two_links_that_meet_make_no_circle_and_no_chain(desk: Desk):
    a, b, c = [await desk.report() for _ in range(3)]
    await linked_as_read(desk, a, b)
    for issue, original in ((b, a), (b, c), (c, a)):
        with pytest.raises(Outrun):
            await linked_as_read(desk, issue, original)
    assert await desk.store.has_duplicates(b.issue_id)
    assert not await desk.store.has_duplicates(a.issue_id)
    for issue in (b, c):
        assert (await present(desk, issue)).duplicate_of is None
    await desk.edit(await present(desk, a), duplicate_of=None)
    assert not await desk.store.has_duplicates(b.issue_id)


async def test_whatever_is_linked_at_once_there_is_no_circle_and_no_chain(desk: Desk):
    issues = [await desk.report() for _ in range(4)]
    triage = triage_on(desk)
    pairs = [(a, b) for a in issues for b in issues if a is not b]
    links = (triage.edit(a.issue_id, IssueEdit(duplicate_of=b.issue_id), STAFF) for a, b in pairs)
    for result in await asyncio.gather(*links, return_exceptions=True):
        assert isinstance(result, Issue | InvalidInput | Conflict), result
    now = {each.issue_id: (await present(desk, each)).duplicate_of for each in issues}
    originals = {original for original in now.values() if original}
    assert originals
    assert all(now[original] is None for original in originals)


async def test_a_link_leads_to_the_first_of_an_older_line_of_duplicates(desk: Desk):
    a, b, c, d = [await desk.report() for _ in range(4)]
    await desk.edit(a, duplicate_of=b.issue_id)
    await desk.edit(b, duplicate_of=c.issue_id)
    link = IssueEdit(duplicate_of=a.issue_id)
    assert (await triage_on(desk).edit(d.issue_id, link, STAFF)).duplicate_of == c.issue_id
    with pytest.raises(InvalidInput, match="already a duplicate of this one"):
        await triage_on(desk).edit(c.issue_id, link, STAFF)


async def test_twenty_who_write_at_once_all_come_to_it(desk: Desk):
    issue = await desk.report()
    talk = Conversation(desk.store, desk.clock)
    await asyncio.gather(*(talk.reply(issue.issue_id, f"{n}", ANYONE) for n in range(20)))
    said = [entry.text for entry in await desk.store.conversation(issue.issue_id)]
    assert sorted(said, key=int) == [f"{n}" for n in range(20)]
    assert (await present(desk, issue)).reply_count == 20


async def present(desk: Desk, issue: Issue) -> Issue:
    found = await desk.store.get(issue.issue_id)
    assert found is not None
    return found
