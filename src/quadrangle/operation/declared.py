"""What the operation of an installation says of itself."""

from quadrangle.kernel.declaration import AuditDetails, Declaration, Scope

METRICS = Scope("metrics:read")
# Also while the server has no room for other requests.
ALWAYS_ANSWERED = frozenset({"/api/health", "/api/health/live", "/metrics"})

OPERATION = Declaration(
    paths=("/metrics",),
    scopes=(METRICS,),
    audit=AuditDetails(always=("job.",), names={"job.": ("function",)}),
)
