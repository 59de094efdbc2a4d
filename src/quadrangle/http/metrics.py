"""Counters for Prometheus."""

from bisect import bisect_left
from collections.abc import Awaitable, Callable, Iterator, Mapping
from itertools import accumulate
from typing import Any

import msgspec
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_NAMES = [*map(floatToGoString, _BUCKETS), "+Inf"]


class Figure(msgspec.Struct, frozen=True):
    """A number that a service is asked for whenever somebody collects metrics.

    `read` returns it, or with a `label` several by that label's values. Raises Unavailable.
    """

    name: str
    documentation: str
    read: Callable[[], Awaitable[int] | Awaitable[Mapping[Any, int] | Mapping[Any, float]]]
    label: str | None = None


class _Asked:
    """How often an address was answered with one status by one method."""

    __slots__ = ("answered", "times")

    def __init__(self, times: "_Times") -> None:
        self.answered = 0
        self.times = times


class _Times:
    """How long answers of an address took. The last bucket is that of all beyond the others."""

    __slots__ = ("buckets", "seconds")

    def __init__(self) -> None:
        self.buckets = [0] * (len(_BUCKETS) + 1)
        self.seconds = 0.0


class _Requests(Collector):
    """What requests came to, counted in plain numbers by the one thread that answers them: the
    library's own counters lock and look labels up, which costs ten times as much."""

    def __init__(self) -> None:
        self._asked: dict[tuple[str, str, int], _Asked] = {}
        self._times: dict[str, _Times] = {}

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        asked = self._asked.get((method, route, status))
        if asked is None:
            times = self._times.setdefault(route, _Times())
            asked = self._asked[method, route, status] = _Asked(times)
        asked.answered += 1
        asked.times.seconds += seconds
        asked.times.buckets[bisect_left(_BUCKETS, seconds)] += 1

    def collect(self) -> Iterator[Metric]:
        answered = CounterMetricFamily(
            "quadrangle_requests", "Requests answered", labels=["method", "route", "status"]
        )
        for (method, route, status), asked in self._asked.items():
            answered.add_metric([method, route, str(status)], asked.answered)
        yield answered
        took = HistogramMetricFamily(
            "quadrangle_request_seconds", "Time to answer", labels=["route"]
        )
        for route, times in self._times.items():
            up_to = zip(_NAMES, accumulate(times.buckets), strict=True)
            took.add_metric([route], list(up_to), times.seconds)
        yield took


class Metrics:
    """What this process counts. Times in seconds."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = _Requests()
        self.registry.register(self._requests)
        self._followed: list[tuple[Gauge, Figure]] = []

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request. `route` is the template, so that ids make no new series."""
        self._requests.count(method, route, status, seconds)

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
