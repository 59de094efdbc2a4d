"""The audit of one machine: what reads it, what keeps it, and what checks it."""

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from quadrangle.audit.declared import AUDIT
from quadrangle.audit.ports import AuditNames
from quadrangle.audit.reading import Audit
from quadrangle.audit.rules import KEY_BYTES, Recording
from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.service import ServiceHost
from quadrangle.machine.keys import key_files
from quadrangle.sql.audit.projection import AuditProjection
from quadrangle.sql.audit.store import SqlAudit, check_audit, count_records, told_loss
from quadrangle.sql.feed.consumers import Projection

if TYPE_CHECKING:
    from quadrangle.hosts.shared.http_app import RouteGroup
    from quadrangle.http.common import Common


class AuditHost(ServiceHost):
    """`names` tell what those are called whose ids stand in records, `recording` what is kept."""

    declared = AUDIT
    consumers = (AuditProjection.name,)

    def __init__(self, parts: MachineParts, names: AuditNames, recording: Recording) -> None:
        self._parts = parts
        self._names = names
        self._recording = recording
        self._key_file = parts.keys / "audit.key"

    def _key(self) -> bytes:
        """Return the key that chains the audit; made when there is none."""
        return key_files.load_or_make(self._key_file, lambda: secrets.token_bytes(KEY_BYTES))

    def http(self, common: "Common") -> "RouteGroup":
        from quadrangle.audit.http import ROUTES
        from quadrangle.hosts.shared.http_app import RouteGroup

        parts = self._parts
        store = SqlAudit(parts.following)
        return RouteGroup(ROUTES, [Audit(store, self._names, parts.acts, parts.clock)])

    def projections(self) -> Sequence[Projection]:
        return [AuditProjection(self._key(), self._recording)]

    async def check(self) -> list[str]:
        database = self._parts.following
        if not self._key_file.exists():  # a new one would hold none of the records there are
            count = await count_records(database)
            gone = f"The key of {count} audit record(s) is gone: keys/audit.key in the data folder."
            return [gone] if count else []
        return await check_audit(database, self._key(), self._recording)

    async def notes(self) -> list[str]:
        """Return a sentence where records were lost with their file: nothing brings them back."""
        loss = await told_loss(self._parts.following)
        return [] if loss is None else [loss]
