"""What whoever operates this machine sees of it: dead letters, health, metrics."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.readiness import Readiness
from quadrangle.hosts.one_machine.service import ServiceHost
from quadrangle.operation.declared import OPERATION
from quadrangle.operation.service import Operation
from quadrangle.sql.feed.lag import Behind, behind

if TYPE_CHECKING:
    from quadrangle.hosts.shared.http_app import RouteGroup
    from quadrangle.http.common import Common
    from quadrangle.http.metrics import Figure, Metrics


class OperationHost(ServiceHost):
    declared = OPERATION

    def __init__(self, parts: MachineParts, consumers: Sequence[str]) -> None:
        """`consumers` are all that follow the change feed."""
        self._parts = parts
        self._consumers = consumers

    @cached_property
    def metrics(self) -> "Metrics":
        """What this process counts; for the server alone."""
        from quadrangle.http.metrics import Metrics

        return Metrics()

    def http(self, common: "Common") -> "RouteGroup":
        from quadrangle.hosts.shared.http_app import RouteGroup
        from quadrangle.operation import http_dead_letters, http_health

        parts, collect = self._parts, self.metrics.collect
        ready = Readiness(parts)
        facade = Operation(parts.dead_letters, parts.acts, ready.require, collect)
        return RouteGroup([*http_dead_letters.ROUTES, *http_health.ROUTES], [facade])

    def figures(self) -> "Sequence[Figure]":
        from quadrangle.http.metrics import Figure

        count = self._parts.dead_letters.count

        async def changes() -> dict[str, int]:
            return {name: each.changes for name, each in (await self.behind()).items()}

        async def seconds() -> dict[str, float]:
            return {name: each.seconds for name, each in (await self.behind()).items()}

        waiting = "Changes that the worker has not followed yet"
        oldest = "Age of the oldest of them in seconds"
        return [
            Figure("quadrangle_dead_jobs", "Jobs that wait for a person", count),
            Figure("quadrangle_changes_behind", waiting, changes, "consumer"),
            Figure("quadrangle_changes_behind_seconds", oldest, seconds, "consumer"),
        ]

    async def behind(self) -> dict[str, Behind]:
        """Return how far each of those that follow the change feed is behind it. Raises
        Unavailable."""
        return await behind(self._parts.following, self._consumers, self._parts.clock.now())
