"""What whoever operates the installation may do: see whether it works, and mend what failed."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

import msgspec

from quadrangle.kernel.acts import Acts
from quadrangle.kernel.jobs import DeadJob, DeadLetters
from quadrangle.kernel.page import Page
from quadrangle.kernel.principal import Principal, require_admin, require_staff


class DeadLetterView(msgspec.Struct, frozen=True):
    """A page of the dead letters, and how many there are in all."""

    page: Page[DeadJob]
    count: int


async def _none_counted() -> bytes:
    return b""


class Operation:
    """The dead letters, health and metrics of an installation.

    `require_ready` raises Unavailable, whose sentences say why, when something that is needed does
    not work; `collect_metrics` returns what was counted in Prometheus' text format. Calls raise
    NotSignedIn, Forbidden, Unavailable.
    """

    injected_as: ClassVar[str] = "operation"

    def __init__(
        self,
        dead_letters: DeadLetters,
        acts: Acts,
        require_ready: Callable[[], Awaitable[None]],
        collect_metrics: Callable[[], Awaitable[bytes]] = _none_counted,
    ) -> None:
        self._dead_letters = dead_letters
        self._acts = acts
        self._require_ready = require_ready
        self._collect_metrics = collect_metrics

    async def dead_jobs(self, limit: int, cursor: str | None, actor: Principal) -> DeadLetterView:
        """Return jobs that failed for good, the last first. Raises InvalidInput for a cursor."""
        require_staff(actor)
        page = await self._dead_letters.list(limit, cursor)
        return DeadLetterView(page, await self._dead_letters.count())

    async def requeue(self, job_id: str, actor: Principal) -> None:
        """Have a job run again. Raises NotFound, and Conflict while a newer one of its name is."""
        require_staff(actor)
        await self._dead_letters.requeue(job_id)
        await self._acts.note("job.requeued", job_id, actor)

    async def delete(self, job_id: str, actor: Principal) -> None:
        """Give a job up for good. Raises NotFound."""
        require_admin(actor)
        await self._dead_letters.delete(job_id)
        await self._acts.note("job.deleted", job_id, actor)

    async def check(self) -> None:
        """Raise Unavailable, with what does not, unless everything works; for anyone."""
        await self._require_ready()

    async def metrics(self, actor: Principal) -> bytes:
        """Return what was counted, for administrators and for API keys that the route let in."""
        if actor.scopes is None:
            require_admin(actor)
        return await self._collect_metrics()
