"""The staff's view over all issues: lists, counts, statistics, and the catalog they follow."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, timedelta, tzinfo

from quadrangle.issues.catalog import Catalogs
from quadrangle.issues.model import Issue
from quadrangle.issues.overview.similar import CANDIDATES, Similar, questions, ranked
from quadrangle.issues.ports import (
    Counts,
    IssueQuery,
    IssueStore,
    StatisticsData,
)
from quadrangle.issues.writing import existing
from quadrangle.kernel.acts import Acts
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.page import Page
from quadrangle.kernel.principal import Principal, require_staff


class Overview:
    """Lists and counts issues for staff."""

    def __init__(
        self,
        store: IssueStore,
        catalogs: Catalogs,
        clock: Clock,
        acts: Acts,
        zone: tzinfo = UTC,
    ) -> None:
        """`zone` is the campus's: its days are counted."""
        self._store = store
        self._catalogs = catalogs
        self._clock = clock
        self._acts = acts
        self._zone = zone

    def now_text(self) -> str:
        """Return the present instant, to tell what is overdue."""
        return to_text(self._clock.now())

    def today(self) -> date:
        """Return the day that it is on the campus."""
        return self._clock.now().astimezone(self._zone).date()

    async def page(
        self, query: IssueQuery, limit: int, cursor: str | None, actor: Principal
    ) -> Page[Issue]:
        """Return a page of issues. Raises NotSignedIn, Forbidden, InvalidInput."""
        require_staff(actor)
        return await self._store.page(query, limit, cursor)

    async def similar(self, issue_id: str, actor: Principal) -> list[Similar]:
        """Return what may be about the same as an issue, the likeliest first. Raises NotSignedIn,
        Forbidden, NotFound."""
        require_staff(actor)
        issue = await existing(self._store, issue_id)
        pages = await asyncio.gather(
            *(self._store.page(each, CANDIDATES, None) for each in questions(issue))
        )
        found = {each.issue_id: each for page in pages for each in page.items}
        return ranked(issue, found.values())

    async def export(self, query: IssueQuery, actor: Principal) -> AsyncIterator[Issue]:
        """Return all issues of a query; that they were taken is kept. Raises Unavailable."""
        require_staff(actor)
        await self._acts.note("issue.exported", "issues", actor)
        return self._store.stream(query)

    async def counts(
        self, issue_type: str | None, location: str | None, actor: Principal
    ) -> Counts:
        """Return the counts beside the filters of the list; the actor's own are those assigned."""
        require_staff(actor)
        return await self._store.counts(issue_type, location, self._clock.now(), actor.account_id)

    async def statistics(self, days: int, actor: Principal) -> tuple[str, str, StatisticsData]:
        """Return first day, last day (today on the campus) and the figures of the last `days`
        days."""
        require_staff(actor)
        today = self.today()
        first, last = (today - timedelta(days=days - 1)).isoformat(), today.isoformat()
        catalog = await self._catalogs.current()
        known = [kind.name for kind in catalog.issue_types]
        return first, last, await self._store.statistics(first, last, known, self._zone)
