"""The audit on AWS."""

from collections.abc import Sequence

from quadrangle.audit.declared import AUDIT
from quadrangle.audit.rules import Recording
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.service import Described, ServiceHost
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.mail import MailQueue


class AuditHost(ServiceHost):
    declared = AUDIT

    def __init__(self, recording: Recording) -> None:
        self._recording = recording

    def reactions(self, parts: FunctionParts, mail: MailQueue) -> Sequence[Reaction]:
        from quadrangle.hosts.lambdas.audit.reaction import audit_reaction

        return [audit_reaction(parts, self._recording)]

    def described(self) -> Described:
        from quadrangle.audit.http import ROUTES
        from quadrangle.audit.reading import Audit

        return Described(ROUTES, (Audit,))
