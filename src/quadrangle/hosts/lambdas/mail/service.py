"""The mail service on AWS."""

from quadrangle.hosts.lambdas.service import Described, ServiceHost


class MailHost(ServiceHost):
    def described(self) -> Described:
        from quadrangle.mail.http import ROUTES
        from quadrangle.mail.service import MailService

        return Described(ROUTES, MailService)
