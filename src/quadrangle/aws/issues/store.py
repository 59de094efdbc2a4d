"""The issue store on DynamoDB. docs/decisions/0007 says why it has these tables and indexes."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, tzinfo

from quadrangle.aws.base.dynamo import (
    ConditionFailed,
    Dynamo,
    Operation,
    Query,
    Share,
    assign,
    delete,
    put,
)
from quadrangle.aws.base.items import Values, struct_of, values_of
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.changes import change_operations, changes_of
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.aws.issues import authors as issue_authors
from quadrangle.aws.issues import lists as issue_lists
from quadrangle.aws.issues import owners as issue_owners
from quadrangle.aws.issues import statistics as issue_statistics
from quadrangle.aws.issues.due import soonest_due
from quadrangle.aws.issues.lists import Found
from quadrangle.aws.issues.tables import BY_ORIGINAL, ISSUE_PARTS, ISSUES
from quadrangle.aws.issues.walks import MOST_CALLS_OF_STRETCH, WalkPosition
from quadrangle.issues.model import Comment, Issue, Photo
from quadrangle.issues.overview.stretches import Walked, sorted_page
from quadrangle.issues.ports import Counts, IssueQuery, Sort, StatisticsData
from quadrangle.issues.retry_rules import LIFE, require_same, whose
from quadrangle.issues.rules import CLAIMED, taken_as_original
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.errors import Conflict, Outrun
from quadrangle.kernel.page import Page, all_items, decode_cursor, encode_cursor

STREAM_PAGE = 500
WHOLE_SHARE = Share()


class DynamoIssueStore:
    """Implements issues.ports.IssueStore.

    Calls block: a container of Lambda has one request at a time, so nobody waits for them.
    """

    def __init__(self, dynamo: Dynamo, tables: Tables, share: Share = WHOLE_SHARE) -> None:
        """`share` is how much of a table a call reads that looks through all of it."""
        self._share = share
        self._dynamo = dynamo
        self._tables = tables

    async def add(self, issue: Issue, changes: Sequence[Change]) -> Issue:
        operations = [
            put(self._tables.of(ISSUES), values_of(issue), "attribute_not_exists(#issueId)"),
            *change_operations(self._tables.of(CHANGES), changes, issue.version),
        ]
        if issue.reporter_id is not None:
            part = issue_owners.belonging(issue.reporter_id, issue)
            operations.append(put(self._tables.of(ISSUE_PARTS), part))
        if issue.idempotency_key is None:
            self._dynamo.transact(*operations)
            return issue
        key = _key_of_report(issue.idempotency_key)
        now = from_text(issue.created_at)
        once = put(
            self._tables.of(ISSUE_PARTS),
            {**key, "saved": issue.issue_id, "until": to_text(now + LIFE)},
            "attribute_not_exists(#issueId) OR #until <= :now",
            now=issue.created_at,
        )
        try:
            self._dynamo.transact(once, *operations)
        except ConditionFailed:
            return await self._saved_first(key, issue)
        return issue

    async def _saved_first(self, key: Values, again: Issue) -> Issue:
        remembered = self._dynamo.get(self._tables.of(ISSUE_PARTS), key)
        first = await self.get(remembered["saved"]) if remembered else None
        if first is None:
            raise Conflict()
        require_same(first, again)
        return first

    async def get(self, issue_id: str) -> Issue | None:
        found = self._dynamo.get(self._tables.of(ISSUES), {"issueId": issue_id})
        return None if found is None else issue_of(found)

    async def save(
        self,
        issue: Issue,
        changes: Sequence[Change],
        *,
        comment: Comment | None = None,
        add_photo: Photo | None = None,
        remove_photo: str | None = None,
        original: Issue | None = None,
        released_from: str | None = None,
    ) -> None:
        written = put(
            self._tables.of(ISSUES),
            values_of(issue),
            "#version = :before",
            before=issue.version - 1,
        )
        operations = [written, *change_operations(self._tables.of(CHANGES), changes, issue.version)]
        if comment is not None:
            operations.append(self._part("comment", issue, values_of(comment)))
        if add_photo is not None:
            operations.append(self._part("photo", issue, values_of(add_photo)))
        if remove_photo is not None:
            operations += self._removal(issue.issue_id, remove_photo)
        if original is not None:
            operations.append(self._taken(original))
        operations += self._links(issue, changes)
        operations += self._owners(issue, changes, released_from)
        try:
            self._dynamo.transact(*operations)
        except ConditionFailed as error:
            raise Outrun() from error

    def _taken(self, original: Issue) -> Operation:
        return assign(
            self._tables.of(ISSUES),
            {"issueId": original.issue_id},
            {"version": taken_as_original(original).version},
            "#version = :before",
            before=original.version,
        )

    def _links(self, issue: Issue, changes: Sequence[Change]) -> list[Operation]:
        """Keep an issue among the parts of its original: the index of duplicates is late."""
        parts = self._tables.of(ISSUE_PARTS)
        operations: list[Operation] = []
        for change in changes:
            if change.kind == "issue.linked":
                old, new = change.data["old"], change.data["new"]
                operations += [delete(parts, _link(old, issue))] if old else []
                operations += [put(parts, _link(new, issue))] if new else []
        return operations

    def _owners(
        self, issue: Issue, changes: Sequence[Change], released_from: str | None
    ) -> list[Operation]:
        parts = self._tables.of(ISSUE_PARTS)
        operations: list[Operation] = []
        if released_from is not None:
            operations.append(delete(parts, issue_owners.belonging(released_from, issue)))
        if issue.reporter_id is not None and any(change.kind == CLAIMED for change in changes):
            operations.append(put(parts, issue_owners.belonging(issue.reporter_id, issue)))
        return operations

    def _part(self, kind: str, issue: Issue, values: Values) -> Operation:
        # a write makes one part of a kind at most, and versions are in the order of writes
        part = f"{kind}#{issue.version:08}"
        return put(
            self._tables.of(ISSUE_PARTS), {**values, "issueId": issue.issue_id, "part": part}
        )

    def _removal(self, issue_id: str, photo_id: str) -> list[Operation]:
        return [
            delete(self._tables.of(ISSUE_PARTS), {"issueId": issue_id, "part": values["part"]})
            for values in self._parts(issue_id, "photo")
            if values["photoId"] == photo_id
        ]

    def _parts(self, issue_id: str, kind: str) -> list[Values]:
        query = Query(
            self._tables.of(ISSUE_PARTS),
            "#issueId = :issue AND begins_with(#part, :kind)",
            {"issue": issue_id, "kind": f"{kind}#"},
        )
        return list(self._dynamo.query(query))

    async def page(self, query: IssueQuery, limit: int, cursor: str | None) -> Page[Issue]:
        if query.sort is not Sort.NEWEST:
            sorted_ = sorted_page(query, limit, cursor, self._walk)
            return Page([issue_of(values) for values in sorted_.items], sorted_.next_cursor)
        before = None if cursor is None else decode_cursor(cursor, WalkPosition)
        return _page(issue_lists.page(self._dynamo, self._tables, query, limit, before))

    async def page_of_reporter(
        self, account_id: str, limit: int, cursor: str | None
    ) -> Page[Issue]:
        before = None if cursor is None else decode_cursor(cursor, WalkPosition)
        return _page(issue_owners.page(self._dynamo, self._tables, account_id, limit, before))

    def _walk(self, stretch: IssueQuery, behind: WalkPosition | None, limit: int) -> Walked[Values]:
        if stretch.sort is Sort.DUE:
            return soonest_due(self._dynamo, self._tables, stretch, behind, limit)
        found = issue_lists.page(
            self._dynamo, self._tables, stretch, limit, behind, MOST_CALLS_OF_STRETCH
        )
        return Walked(found.items, found.next)

    def stream(self, query: IssueQuery) -> AsyncIterator[Issue]:
        return all_items(lambda cursor: self.page(query, STREAM_PAGE, cursor))

    async def counts(
        self,
        issue_type: str | None,
        location: str | None,
        now: datetime,
        mine: str | None = None,
    ) -> Counts:
        return issue_statistics.counts(self._dynamo, self._tables, issue_type, location, now, mine)

    async def statistics(
        self, first_day: str, last_day: str, known_types: Sequence[str], zone: tzinfo = UTC
    ) -> StatisticsData:
        # by what the projection counted, which knows the zone
        return issue_statistics.statistics(
            self._dynamo, self._tables, first_day, last_day, known_types
        )

    async def conversation(self, issue_id: str) -> list[Comment]:
        return [struct_of(Comment, values) for values in self._parts(issue_id, "comment")]

    async def photos(self, issue_id: str) -> list[Photo]:
        return [struct_of(Photo, values) for values in self._parts(issue_id, "photo")]

    async def photo(self, issue_id: str, photo_id: str) -> Photo | None:
        photos = await self.photos(issue_id)
        return next((photo for photo in photos if photo.photo_id == photo_id), None)

    async def duplicates(self, issue_id: str) -> list[Issue]:
        query = Query(
            self._tables.of(ISSUES), "#duplicateOf = :original", {"original": issue_id}, BY_ORIGINAL
        )
        return [issue_of(values) for values in self._dynamo.query(query)]

    async def has_duplicates(self, issue_id: str) -> bool:
        # links that were made before they were kept as parts are in the index by now
        return bool(self._parts(issue_id, "duplicate") or await self.duplicates(issue_id))

    async def history(self, issue_id: str) -> list[Change]:
        return changes_of(self._dynamo, self._tables.of(CHANGES), issue_id)

    async def rename_author(
        self, account_id: str, name: str, behind: str | None = None
    ) -> str | None:
        return issue_authors.rename(
            self._dynamo, self._tables, account_id, name, behind, self._share
        )

    async def rename_reporter(self, issue_id: str, old: str, new: str) -> None:
        parts, changes = self._tables.of(ISSUE_PARTS), self._tables.of(CHANGES)
        wrote = [
            {**each, "authorName": new}
            for each in self._parts(issue_id, "comment")
            if each["authorRole"] == "reporter"
            and each["authorName"] == old
            and "authorId" not in each
        ]
        query = Query(changes, "#subject = :subject", {"subject": issue_id})
        did = [
            {**each, "actor": new}
            for each in self._dynamo.query(query)
            if each["actor"] == old and "actorId" not in each
        ]
        self._dynamo.write_many(parts, put=wrote)
        self._dynamo.write_many(changes, put=did)


def _page(found: Found) -> Page[Issue]:
    next_cursor = None if found.next is None else encode_cursor(found.next)
    return Page([issue_of(values) for values in found.items], next_cursor)


def _link(original_id: str, duplicate: Issue) -> Values:
    return {"issueId": original_id, "part": f"duplicate#{duplicate.issue_id}"}


def issue_of(values: Values) -> Issue:
    return struct_of(Issue, values)


def _key_of_report(idempotency_key: str) -> Values:
    # no issue has this id, so the keys of clients are apart from the parts of issues
    return {"issueId": f"key#{whose(idempotency_key)}", "part": "report"}
