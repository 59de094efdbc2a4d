"""Counters for Prometheus."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Figure(msgspec.Struct, frozen=True):
    """A number that a service is asked for whenever somebody collects metrics.

    `read` returns it, or with a `label` several by that label's values. Raises Unavailable.
    """

    name: str
    documentation: str
    read: Callable[[], Awaitable[int] | Awaitable[Mapping[Any, int] | Mapping[Any, float]]]
    label: str | None = None


class Metrics:
    """What this process counts. Times in seconds."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "quadrangle_requests_total",
            "Requests answered",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "quadrangle_request_seconds",
            "Time to answer",
            ["route"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._followed: list[tuple[Gauge, Figure]] = []
        # Looking labels up costs more than counting: children are kept.
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request. `route` is the template, so that ids make no new series."""
        key = (method, route, status)
        known = self._known.get(key)
        if known is None:
            known = (self._requests.labels(*map(str, key)), self._seconds.labels(route))
            self._known[key] = known
        known[0].inc()
        known[1].observe(seconds)

    def follow(self, figure: Figure) -> None:
        """Have a figure of a service among the metrics."""
        labels = [] if figure.label is None else [figure.label]
        gauge = Gauge(figure.name, figure.documentation, labels, registry=self.registry)
        self._followed.append((gauge, figure))

    async def collect(self) -> bytes:
        """Return everything in Prometheus' text format. Raises Unavailable."""
        for gauge, figure in self._followed:
            found = await figure.read()
            if isinstance(found, Mapping):
                for value, number in found.items():
                    gauge.labels(value).set(number)
            else:
                gauge.set(found)
        return generate_latest(self.registry)
