"""What the mail service says of itself."""

from quadrangle.kernel.declaration import AuditDetails, Declaration

MAIL = Declaration(audit=AuditDetails(always=("mail.",)))
