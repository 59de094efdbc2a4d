"""Reporting an issue and looking it up: the two calls everyone makes."""

from datetime import datetime, timedelta

from quadrangle.issues import rules
from quadrangle.issues.model import OTHER, Catalog, Issue
from quadrangle.issues.ports import CatalogStore, IssueStore
from quadrangle.issues.rules import NewReport
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import NotFound, NotSignedIn
from quadrangle.kernel.ids import is_id, new_id
from quadrangle.kernel.principal import Principal


class Catalogs:
    """The catalog, remembered until `forget` is told of a change, `kept_for` at most."""

    def __init__(
        self, store: CatalogStore, clock: Clock, kept_for: timedelta = timedelta.max
    ) -> None:
        self._store = store
        self._clock = clock
        self._kept_for = kept_for
        self._known: Catalog | None = None
        self._loaded_at: datetime | None = None

    async def current(self) -> Catalog:
        now = self._clock.now()
        fresh = self._loaded_at is not None and now - self._loaded_at < self._kept_for
        if self._known is None or not fresh:
            self._known = await self._store.load()
            self._loaded_at = now
        return self._known

    def counted_as(self, issue_type: str) -> str:
        """Return what a type counts as by the catalog seen last: asks nobody, so cannot fail."""
        return OTHER if self._known is None else self._known.counted_as(issue_type)

    def forget(self) -> None:
        self._loaded_at = None


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
        issue, facts = rules.report(new, new_id(), catalog, actor, self._clock.now())
        return await self._store.add(issue, facts)

    def counted_as(self, issue: Issue) -> str:
        """Return the type that statistics count an issue under."""
        return self._catalogs.counted_as(issue.issue_type)

    async def look_up(self, issue_id: str) -> Issue:
        """Return the issue. Raises NotFound, Unavailable."""
        return await existing(self._store, issue_id)


async def existing(store: IssueStore, issue_id: str) -> Issue:
    """Return the issue of that id. Raises NotFound."""
    issue = await store.get(issue_id) if is_id(issue_id) else None
    if issue is None:
        raise NotFound("Issue not found")
    return issue
