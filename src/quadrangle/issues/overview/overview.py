"""The staff's view over all issues: lists, counts, statistics, and the catalog they follow."""

from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec

from quadrangle.issues import rules
from quadrangle.issues.model import Catalog, Issue
from quadrangle.issues.ports import (
    CatalogStore,
    Counts,
    IssueQuery,
    IssueStore,
    StatisticsData,
)
from quadrangle.issues.reporting import Catalogs
from quadrangle.kernel.acts import Acts
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.page import Page
from quadrangle.kernel.principal import Principal, require_admin, require_staff

CATALOG_CHANGED = "issue-catalog.changed"


class Overview:
    """Lists and counts issues for staff."""

    def __init__(self, store: IssueStore, catalogs: Catalogs, clock: Clock, acts: Acts) -> None:
        self._store = store
        self._catalogs = catalogs
        self._clock = clock
        self._acts = acts

    def now_text(self) -> str:
        """Return the present instant, to tell what is overdue."""
        return to_text(self._clock.now())

    async def page(
        self, query: IssueQuery, limit: int, cursor: str | None, actor: Principal
    ) -> Page[Issue]:
        """Return a page of issues, newest first. Raises NotSignedIn, Forbidden, InvalidInput."""
        require_staff(actor)
        return await self._store.page(query, limit, cursor)

    async def export(self, query: IssueQuery, actor: Principal) -> AsyncIterator[Issue]:
        """Return all issues of a query; that they were taken is kept. Raises Unavailable."""
        require_staff(actor)
        await self._acts.note("issue.exported", "issues", actor)
        return self._store.stream(query)

    async def counts(
        self, issue_type: str | None, location: str | None, actor: Principal
    ) -> Counts:
        """Return the counts beside the filters of the list."""
        require_staff(actor)
        return await self._store.counts(issue_type, location, self._clock.now())

    async def statistics(self, days: int, actor: Principal) -> tuple[str, str, StatisticsData]:
        """Return first day, last day (today, UTC) and the figures of the last `days` days."""
        require_staff(actor)
        today = self._clock.now().date()
        first, last = (today - timedelta(days=days - 1)).isoformat(), today.isoformat()
        catalog = await self._catalogs.current()
        known = [kind.name for kind in catalog.issue_types]
        return first, last, await self._store.statistics(first, last, known)


class CatalogEditor:
    """Edits types, locations and targets."""

    def __init__(self, store: CatalogStore, catalogs: Catalogs, clock: Clock) -> None:
        self._store = store
        self._catalogs = catalogs
        self._clock = clock

    async def read(self, actor: Principal) -> Catalog:
        """Return the catalog as stored. Raises NotSignedIn, Forbidden."""
        require_admin(actor)
        return await self._store.load()

    async def save(self, catalog: Catalog, actor: Principal) -> Catalog:
        """Replace the catalog. Raises InvalidInput, and Conflict when `version` has moved on."""
        require_admin(actor)
        checked = rules.check_catalog(catalog)
        present = await self._store.load()
        if checked.version != present.version:
            raise Conflict()
        change = Change(
            kind=CATALOG_CHANGED,
            subject="issue-catalog",
            data={"old": msgspec.to_builtins(present), "new": msgspec.to_builtins(checked)},
            actor=actor.name,
            actor_id=actor.account_id,
            origin=actor.origin,
            at=to_text(self._clock.now()),
        )
        saved = await self._store.save(checked, change)
        self._catalogs.forget()
        return saved
