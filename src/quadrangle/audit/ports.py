"""What the audit needs from the world: its records, and what people are called."""

from collections.abc import AsyncIterator
from typing import Protocol

import msgspec

from quadrangle.audit.rules import AuditRecord
from quadrangle.kernel.page import Page


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


class AuditNames(Protocol):
    """What those are called whose ids stand in records, as they are called now."""

    async def of_actor(self, actor_id: str) -> str:
        """Return the name of who acted. Raises Unavailable."""
        ...

    async def of_subject(self, kind: str, subject: str) -> str | None:
        """Return the name of what a record of that kind is about, None for what has no name.

        Raises Unavailable.
        """
        ...
