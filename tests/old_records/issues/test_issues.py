"""Issues, their conversation and photos, the catalog, and what was counted."""

import msgspec
import pytest

from quadrangle.issues.model import Catalog, Comment, Issue, IssueType, Status
from quadrangle.issues.ports import IssueQuery
from quadrangle.kernel.change import Change
from tests.old_records.conftest import Without, at_defaults
from tests.old_records.issues.samples import (
    CATALOG,
    COMMENT,
    ISSUE,
    ISSUE_ID,
    ORIGINAL_ID,
    PHOTO,
    REPORT,
    STATUS_CHANGE,
    catalog_store,
    count_again,
    issue_store,
    put_catalog,
)
from tests.old_records.wings import Wing


async def test_an_issue_with_all_that_belongs_to_it(wing: Wing):
    store = issue_store(wing)
    assert await store.get(ISSUE_ID) == ISSUE
    assert await store.conversation(ISSUE_ID) == [COMMENT]
    assert await store.photos(ISSUE_ID) == [PHOTO]
    assert [unplaced(each) for each in await store.history(ISSUE_ID)] == [REPORT, STATUS_CHANGE]


def unplaced(change: Change) -> Change:
    return msgspec.structs.replace(change, seq=0)


@pytest.mark.parametrize(
    "query",
    [
        IssueQuery(status=Status.RESOLVED),
        IssueQuery(assignee_id=ISSUE.assignee_id),
        IssueQuery(text=ISSUE_ID[:8]),
    ],
    ids=["status", "assignee", "id"],
)
async def test_lists_find_it(wing: Wing, query: IssueQuery):
    assert (await issue_store(wing).page(query, 10, None)).items == [ISSUE]
    assert await issue_store(wing).duplicates(ORIGINAL_ID) == [ISSUE]


async def test_what_was_counted_is_not_counted_again(wing: Wing):
    store = issue_store(wing)
    before = await store.counts(None, None, wing.clock.now())
    assert before.status == {Status.OPEN: 0, Status.IN_PROGRESS: 0, Status.RESOLVED: 1}
    await count_again(wing)
    assert await store.counts(None, None, wing.clock.now()) == before


async def test_a_report_that_is_sent_again_is_the_one_there_is(wing: Wing):
    again = msgspec.structs.replace(ISSUE, issue_id=ORIGINAL_ID, version=1)
    assert await issue_store(wing).add(again, [REPORT]) == ISSUE


async def test_the_catalog(wing: Wing):
    assert await catalog_store(wing).load() == CATALOG


async def test_a_catalog_without_fields_that_came_later(wing: Wing):
    body = '{"campusName": "Old Campus", "issueTypes": [{"name": "Other"}], "locations": ["Hall"]}'
    await put_catalog(wing, body)
    expected = Catalog("Old Campus", (IssueType("Other"),), ("Hall",), version=1)
    assert await catalog_store(wing).load() == expected


# -- fields that came later -------------------------------------------------------------------


async def test_an_issue_without_them(without: Without):
    store = issue_store(without(Issue, lambda item: "issueType" in item))
    assert await store.get(ISSUE_ID) == at_defaults(ISSUE)


async def test_a_comment_without_them(without: Without):
    store = issue_store(without(Comment, lambda item: "entryId" in item))
    assert await store.conversation(ISSUE_ID) == [at_defaults(COMMENT)]


async def test_a_change_without_them(without: Without):
    store = issue_store(without(Change, lambda item: "kind" in item and "actor" in item))
    read = [unplaced(each) for each in await store.history(ISSUE_ID)]
    assert read == [REPORT, at_defaults(STATUS_CHANGE)]
