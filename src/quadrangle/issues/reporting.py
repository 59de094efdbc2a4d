"""Reporting an issue and looking it up: the two calls everyone makes."""

from collections.abc import Awaitable

from quadrangle.issues import rules
from quadrangle.issues.catalog import Catalogs
from quadrangle.issues.model import Issue
from quadrangle.issues.ports import IssueStore
from quadrangle.issues.rules import NewReport
from quadrangle.issues.writing import existing
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import NotSignedIn
from quadrangle.kernel.ids import ordered_id
from quadrangle.kernel.principal import Principal


class Reporting:
    """Takes reports and answers for them."""

    def __init__(
        self, store: IssueStore, catalogs: Catalogs, clock: Clock, *, accounts_only: bool = False
    ) -> None:
        self._store = store
        self._catalogs = catalogs
        self._clock = clock
        self._accounts_only = accounts_only

    async def report(self, new: NewReport, actor: Principal) -> Issue:
        """Save a new issue and return it. Raises InvalidInput, NotSignedIn, Unavailable."""
        if self._accounts_only and actor.role is None:
            raise NotSignedIn("Please sign in to report an issue.")
        catalog = await self._catalogs.current()
        now = self._clock.now()
        issue, facts = rules.report(new, ordered_id(now), catalog, actor, now)
        return await self._store.add(issue, facts)

    def counted_as(self, issue: Issue) -> str:
        """Return the type that statistics count an issue under."""
        return self._catalogs.counted_as(issue.issue_type)

    def look_up(self, issue_id: str) -> Awaitable[Issue]:
        """Return the issue. Raises NotFound, Unavailable."""
        return existing(self._store, issue_id)
