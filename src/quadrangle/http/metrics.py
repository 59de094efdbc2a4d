"""Counters for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


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
        self.dead_jobs = Gauge(
            "quadrangle_dead_jobs", "Jobs that wait for a person", registry=self.registry
        )
        self.mails = Gauge(
            "quadrangle_mails", "Mails in the outbox", ["state"], registry=self.registry
        )
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

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)
