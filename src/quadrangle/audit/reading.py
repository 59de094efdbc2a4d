"""Reading the audit: who did what, when and from where. For administrators."""

from collections.abc import AsyncIterator
from typing import Any, ClassVar

import msgspec

from quadrangle.audit.ports import AuditNames, AuditQuery, AuditStore
from quadrangle.audit.rules import AuditRecord
from quadrangle.kernel.acts import Acts
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.page import Page
from quadrangle.kernel.principal import Principal, require_admin


class ShownRecord(msgspec.Struct, frozen=True):
    """A record as it is shown: names as they are now, `details` read."""

    record: AuditRecord
    subject_name: str | None
    actor_name: str
    details: dict[str, Any]


class Audit:
    """The audit, for administrators. Every verb raises NotSignedIn, Forbidden, Unavailable."""

    injected_as: ClassVar[str] = "audit"

    def __init__(self, store: AuditStore, names: AuditNames, acts: Acts, clock: Clock) -> None:
        self._store = store
        self._names = names
        self._acts = acts
        self._clock = clock

    async def page(
        self, query: AuditQuery, limit: int, cursor: str | None, actor: Principal
    ) -> Page[ShownRecord]:
        """Return records, the newest first. Raises InvalidInput for a cursor."""
        require_admin(actor)
        found = await self._store.page(query, limit, cursor)
        named = _Named(self._names)
        return Page([await named.shown(record) for record in found.items], found.next_cursor)

    async def export(
        self, query: AuditQuery, actor: Principal
    ) -> tuple[str, AsyncIterator[ShownRecord]]:
        """Return today's date and all records, the oldest first; that they were taken is kept."""
        require_admin(actor)
        await self._acts.note("audit.exported", "audit", actor)
        return to_text(self._clock.now())[:10], self._shown(query)

    async def _shown(self, query: AuditQuery) -> AsyncIterator[ShownRecord]:
        named = _Named(self._names)
        async for record in self._store.stream(query):
            yield await named.shown(record)


class _Named:
    """Looks names up, each once: records hold none, as they outlive what they tell of."""

    def __init__(self, names: AuditNames) -> None:
        self._names = names
        self._actors: dict[str, str] = {}
        self._subjects: dict[tuple[str, str], str | None] = {}

    async def shown(self, record: AuditRecord) -> ShownRecord:
        details = msgspec.json.decode(record.details, type=dict[str, Any])
        return ShownRecord(record, await self._subject(record), await self._actor(record), details)

    async def _actor(self, record: AuditRecord) -> str:
        if record.actor_id is None:
            return record.actor
        if record.actor_id not in self._actors:
            self._actors[record.actor_id] = await self._names.of_actor(record.actor_id)
        return self._actors[record.actor_id]

    async def _subject(self, record: AuditRecord) -> str | None:
        key = record.kind.partition(".")[0], record.subject
        if key not in self._subjects:
            self._subjects[key] = await self._names.of_subject(record.kind, record.subject)
        return self._subjects[key]
