"""The catalog that reports follow: remembered, read and edited."""

from datetime import datetime, timedelta

import msgspec

from quadrangle.issues import catalog_rules
from quadrangle.issues.model import OTHER, Catalog
from quadrangle.issues.ports import (
    CatalogStore,
)
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.principal import Principal, require_admin


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


CATALOG_CHANGED = "issue-catalog.changed"


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
        checked = catalog_rules.check_catalog(catalog)
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
