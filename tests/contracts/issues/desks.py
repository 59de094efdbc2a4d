"""An issue store of each kind, with short ways to fill it."""

from datetime import UTC, timedelta, tzinfo
from typing import Any

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.items import plain
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.changes import change_of
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.aws.issues.projection import DynamoIssueProjection
from quadrangle.aws.issues.store import DynamoIssueStore
from quadrangle.issues import rules
from quadrangle.issues.model import DEFAULT_CATALOG, Catalog, Issue
from quadrangle.issues.ports import IssueQuery, IssueStore
from quadrangle.issues.rules import IssueEdit, NewReport
from quadrangle.issues.triage import Triage
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.ids import ordered_id
from quadrangle.kernel.principal import ANYONE, Principal, Role
from quadrangle.sql.base.database import Database
from quadrangle.sql.feed import feed
from quadrangle.sql.issues.projection import IssueProjection
from quadrangle.sql.issues.store import SqlIssueStore
from tests.standin.server import StandIn
from tests.standin.tables import make_tables

STAFF = Principal("Staff member", Role.STAFF, "account-1")


class Desk:
    """A store with short ways to fill it."""

    zone: tzinfo = UTC  # whose days are counted

    def __init__(self, store: IssueStore, clock: ManualClock) -> None:
        self.store = store
        self.clock = clock

    async def report(
        self, description="It is broken", sender: Principal = ANYONE, issue_id="", **fields
    ) -> Issue:
        self.clock.advance(timedelta(seconds=1))
        issue_id = issue_id or ordered_id(self.clock.now())
        new = NewReport(
            fields.pop("issue_type", "Network"),
            fields.pop("location", "Library"),
            description,
            **fields,
        )
        issue, facts = rules.report(new, issue_id, DEFAULT_CATALOG, sender, self.clock.now())
        return await self.store.add(issue, facts)

    async def edit(self, issue: Issue, **fields) -> Issue:
        self.clock.advance(timedelta(seconds=1))
        edited, facts = rules.edit(
            issue, IssueEdit(**fields), DEFAULT_CATALOG, STAFF, self.clock.now()
        )
        await self.store.save(edited, facts)
        return edited

    async def project(self) -> None:
        """Do what the projection does with every change so far."""
        raise NotImplementedError

    async def ids(self, limit=50, **query) -> list[str]:
        page = await self.store.page(IssueQuery(**query), limit, None)
        return [issue.issue_id for issue in page.items]


class SqlDesk(Desk):
    def __init__(self, database: Database, clock: ManualClock) -> None:
        super().__init__(SqlIssueStore(database), clock)
        self.database = database

    async def project(self) -> None:
        projection = IssueProjection(self.zone)

        def work(connection) -> None:
            changes = feed.read_after(connection, 0, 100_000)
            counted = [c for c in changes if c.kind in projection.kinds]
            projection.apply(connection, counted, projection.look(connection, counted))

        await self.database.write(work)


class DynamoDesk(Desk):
    def __init__(self, standin: StandIn, clock: ManualClock) -> None:
        client = standin.client("dynamodb")
        self.dynamo = Dynamo(client)
        self.tables = Tables(
            make_tables(client, "Issues", "IssueParts", "Changes", "IssueFigures", "IssueSearch")
        )
        self._scan = client.get_paginator("scan")
        super().__init__(DynamoIssueStore(self.dynamo, self.tables), clock)

    async def project(self) -> None:
        projection = DynamoIssueProjection(self.dynamo, self.tables, self.zone)
        pages = self._scan.paginate(TableName=self.tables.of(CHANGES))
        changes = [change_of(plain(item)) for page in pages for item in page["Items"]]
        projection.apply(c for c in changes if c.kind in projection.kinds)


def triage_on(desk: Desk) -> Triage:
    """Return what changes issues there; nobody can be assigned."""

    class Catalogs:
        async def current(self) -> Catalog:
            return DEFAULT_CATALOG

    catalogs: Any = Catalogs()
    nobody: Any = None
    return Triage(desk.store, catalogs, nobody, desk.clock)
