"""What the audit says of itself: that it was exported is kept too."""

from quadrangle.kernel.declaration import AuditDetails, Declaration

AUDIT = Declaration(audit=AuditDetails(always=("audit.",)))
