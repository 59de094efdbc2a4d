"""What whoever operates an installation on AWS sees of it."""

from quadrangle.hosts.lambdas.service import Described, ServiceHost
from quadrangle.operation.declared import OPERATION


class OperationHost(ServiceHost):
    declared = OPERATION

    def described(self) -> Described:
        from quadrangle.operation import http_dead_letters, http_health
        from quadrangle.operation.service import Operation

        return Described([*http_dead_letters.ROUTES, *http_health.HEALTH], (Operation,))
