"""The audit on AWS."""

from collections.abc import Sequence

from quadrangle.hosts.lambdas.audit.reaction import audit_reaction
from quadrangle.hosts.lambdas.base.parts import Parts
from quadrangle.hosts.lambdas.service import Described, ServiceHost
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.mail import MailQueue


class AuditHost(ServiceHost):
    def reactions(self, parts: Parts, mail: MailQueue) -> Sequence[Reaction]:
        return [audit_reaction(parts)]

    def described(self) -> Described:
        from quadrangle.audit.http import ROUTES
        from quadrangle.audit.reading import Audit

        return Described(ROUTES, Audit)
