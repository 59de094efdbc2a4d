"""Reading the audit: who did what, when and from where. For administrators."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Protocol

import msgspec

from quadrangle.accounts.api_keys.keys import ApiKeyStore
from quadrangle.accounts.model import PIN_NAME, PIN_SUBJECT
from quadrangle.accounts.people.names import FORMER, Names
from quadrangle.accounts.sign_in.signing_in import NOBODY
from quadrangle.audit.rules import AuditRecord
from quadrangle.kernel.acts import Acts
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.page import Page
from quadrangle.kernel.principal import Principal, require_admin


class AuditQuery(msgspec.Struct, frozen=True):
    """Which records are wanted; instants as kernel.clock.to_text writes them, both inclusive.

    `kind` is one kind, or with a dot at its end all that begin so.
    """

    kind: str | None = None
    actor_id: str | None = None
    subject: str | None = None
    first_at: str | None = None
    last_at: str | None = None


class AuditStore(Protocol):
    """Reads the records that the projection of the change feed writes."""

    async def page(self, query: AuditQuery, limit: int, cursor: str | None) -> Page[AuditRecord]:
        """Return records, the newest first. Raises InvalidInput for a cursor, Unavailable."""
        ...

    def stream(self, query: AuditQuery) -> AsyncIterator[AuditRecord]:
        """Return all records, the oldest first, read as they are taken. Raises Unavailable."""
        ...


class Told(msgspec.Struct, frozen=True):
    """A record as it is shown: names as they are now, `details` read."""

    record: AuditRecord
    subject_name: str | None
    actor_name: str
    details: dict[str, Any]


class Audit:
    """The audit, for administrators. Every verb raises NotSignedIn, Forbidden, Unavailable."""

    def __init__(
        self,
        store: AuditStore,
        api_keys: ApiKeyStore,
        names: Names,
        acts: Acts,
        clock: Clock,
    ) -> None:
        self._store = store
        self._api_keys = api_keys
        self._names = names
        self._acts = acts
        self._clock = clock

    async def page(
        self, query: AuditQuery, limit: int, cursor: str | None, actor: Principal
    ) -> Page[Told]:
        """Return records, the newest first. Raises InvalidInput for a cursor."""
        require_admin(actor)
        found = await self._store.page(query, limit, cursor)
        named = _Named(self._names, self._api_keys)
        return Page([await named.told(record) for record in found.items], found.next_cursor)

    async def export(self, query: AuditQuery, actor: Principal) -> tuple[str, AsyncIterator[Told]]:
        """Return today's date and all records, the oldest first; that they were taken is kept."""
        require_admin(actor)
        await self._acts.note("audit.exported", "audit", actor)
        return to_text(self._clock.now())[:10], self._told(query)

    async def _told(self, query: AuditQuery) -> AsyncIterator[Told]:
        named = _Named(self._names, self._api_keys)
        async for record in self._store.stream(query):
            yield await named.told(record)


class _Named:
    """Looks names up, each once: records hold none, as they outlive what they tell of."""

    def __init__(self, names: Names, api_keys: ApiKeyStore) -> None:
        self._names = names
        self._api_keys = api_keys
        self._known: dict[str, str | None] = {PIN_SUBJECT: PIN_NAME, NOBODY: None}

    async def told(self, record: AuditRecord) -> Told:
        subject = None
        if record.kind.startswith("api-key."):
            subject = await self._once(record.subject, self._key_name)
        elif record.kind.startswith("account."):
            subject = await self._once(record.subject, self._names.of)
        actor = record.actor
        if record.actor_id is not None:
            actor = await self._once(record.actor_id, self._names.of) or FORMER
        details = msgspec.json.decode(record.details, type=dict[str, Any])
        return Told(record, subject, actor, details)

    async def _once(
        self, subject: str, look_up: Callable[[str], Awaitable[str | None]]
    ) -> str | None:
        if subject not in self._known:
            self._known[subject] = await look_up(subject)
        return self._known[subject]

    async def _key_name(self, api_key_id: str) -> str | None:
        found = await self._api_keys.get(api_key_id)
        return None if found is None else found.name
