"""An issue that was reported, replied to and given a photo; and a catalog that was edited."""

from sqlalchemy import update

from quadrangle.aws.base.dynamo import put
from quadrangle.aws.base.tables import SETTINGS
from quadrangle.aws.issues.catalog import DynamoCatalogStore
from quadrangle.aws.issues.projection import DynamoIssueProjection
from quadrangle.aws.issues.store import DynamoIssueStore
from quadrangle.issues.model import Catalog, Comment, Issue, IssueType, Photo, Priority, Status
from quadrangle.issues.ports import CatalogStore, IssueStore
from quadrangle.kernel.change import Change
from quadrangle.sql.base.tables import documents
from quadrangle.sql.feed import feed
from quadrangle.sql.feed.dispatch import Dispatcher
from quadrangle.sql.issues.catalog import SqlCatalogStore
from quadrangle.sql.issues.projection import IssueProjection
from quadrangle.sql.issues.store import SqlIssueStore
from tests.old_records.base.samples import ADMIN_ID, AT, change
from tests.old_records.wings import SqlWing, Wing

ISSUE_ID = "5d0c1f0e-6f0f-4f5b-9a1e-3b7a2a9c1e02"
ORIGINAL_ID = "7c2b1b8a-14c8-4b43-8d84-9f0f1d6f2b03"
REPORTED = Issue(
    issue_id=ISSUE_ID,
    issue_type="Network",
    location="Library",
    description="The printer on the 2nd floor is “offline” – again",
    created_at="2026-11-20T08:00:00.000Z",
    updated_at="2026-11-20T08:00:00.000Z",
    reporter_email="sam@campus.example",
    reporter_name="Sam",
    due_at="2026-11-21T08:00:00.000Z",
    idempotency_key="a-key-of-the-client",
)
ISSUE = Issue(
    issue_id=ISSUE_ID,
    issue_type="Network",
    location="Library",
    description=REPORTED.description,
    created_at=REPORTED.created_at,
    updated_at=AT,
    status=Status.RESOLVED,
    priority=Priority.HIGH,
    reporter_email="sam@campus.example",
    reporter_name="Sam",
    assignee_id=ADMIN_ID,
    duplicate_of=ORIGINAL_ID,
    resolved_at=AT,
    due_at=REPORTED.due_at,
    photo_count=1,
    reply_count=1,
    version=2,
    idempotency_key=REPORTED.idempotency_key,
)
COMMENT = Comment(
    entry_id="1f9e0f4a-0b4c-4c9d-a0a5-0c8f5d7e3c04",
    issue_id=ISSUE_ID,
    kind="reply",
    text="It has paper again.",
    author_name="Ada Admin",
    author_role="staff",
    at=AT,
    author_id=ADMIN_ID,
)
PHOTO = Photo(
    photo_id="2e8d1f5b-1c5d-4d0e-b1b6-1d9f6e8f4d05",
    issue_id=ISSUE_ID,
    mime="image/jpeg",
    width=640,
    height=480,
    bytes=12_345,
    at=AT,
)
CATALOG = Catalog(
    campus_name="Old Campus",
    issue_types=(IssueType("Network", 24), IssueType("Other")),
    locations=("Library", "Main Hall"),
    version=1,
)
REPORT = Change(
    "issue.reported", ISSUE_ID, {"issueType": "Network"}, "Sam", REPORTED.created_at
)  # by nobody who signed in
STATUS_CHANGE = change("issue.status-changed", ISSUE_ID, old="OPEN", new="RESOLVED")


def issue_store(wing: Wing) -> IssueStore:
    if isinstance(wing, SqlWing):
        return SqlIssueStore(wing.database)
    return DynamoIssueStore(wing.dynamo, wing.tables)


def catalog_store(wing: Wing) -> CatalogStore:
    if isinstance(wing, SqlWing):
        return SqlCatalogStore(wing.database)
    return DynamoCatalogStore(wing.dynamo, wing.tables)


async def put_catalog(wing: Wing, body: str) -> None:
    """Write the document of version 1 as it was before now."""
    if isinstance(wing, SqlWing):
        of_catalog = documents.c.name == "issue-catalog"
        written = update(documents).where(of_catalog).values(body=body)
        await wing.database.write(lambda c: c.execute(written))
    else:
        values = {"name": "issue-catalog", "body": body, "version": 1}
        wing.dynamo.write(put(wing.tables.of(SETTINGS), values))


async def count(wing: Wing) -> None:
    """Have the projection count and index what was changed."""
    if isinstance(wing, SqlWing):
        await Dispatcher(wing.database, [], [IssueProjection()], wing.clock).catch_up()
    else:
        DynamoIssueProjection(wing.dynamo, wing.tables).apply([REPORT])


async def count_again(wing: Wing) -> None:
    """Have it told once more of a change that it has counted."""
    if isinstance(wing, SqlWing):
        changes = await wing.database.read(lambda c: feed.of_subject(c, ISSUE_ID))
        issues = IssueProjection()
        await wing.database.write(lambda c: issues.apply(c, changes, issues.look(c, changes)))
    else:
        await count(wing)


async def write_issues(wing: Wing) -> None:
    store = issue_store(wing)
    await store.add(REPORTED, [REPORT])
    await store.save(ISSUE, [STATUS_CHANGE], comment=COMMENT, add_photo=PHOTO)
    edited = change("issue-catalog.changed", "issue-catalog", old={}, new={})
    await catalog_store(wing).save(_unsaved(CATALOG), edited)
    await count(wing)


def _unsaved(catalog: Catalog) -> Catalog:
    return Catalog(catalog.campus_name, catalog.issue_types, catalog.locations)
