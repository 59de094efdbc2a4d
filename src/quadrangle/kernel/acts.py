"""Acts that change nothing the platform keeps, and that the audit is to know of all the same."""

from typing import Any

from quadrangle.kernel.change import Change, ChangeLog
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.principal import Principal


class Acts:
    """Notes who did what: where there is something to undo or miss, once it is done."""

    def __init__(self, log: ChangeLog, clock: Clock) -> None:
        self._log = log
        self._clock = clock

    async def note(
        self, kind: str, subject: str, actor: Principal, data: dict[str, Any] | None = None
    ) -> None:
        """Save a change record of the act alone. Raises Unavailable."""
        change = Change(
            kind=kind,
            subject=subject,
            data=data or {},
            actor=actor.name,
            at=to_text(self._clock.now()),
            actor_id=actor.account_id,
            origin=actor.origin,
        )
        await self._log.add(change)
