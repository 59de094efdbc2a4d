"""What the operation of an installation says of itself."""

from quadrangle.kernel.declaration import AuditDetails, Declaration, Scope

METRICS = Scope("metrics:read")

OPERATION = Declaration(
    paths=("/metrics",),
    scopes=(METRICS,),
    audit=AuditDetails(always=("job.",), names={"job.": ("function",)}),
)
