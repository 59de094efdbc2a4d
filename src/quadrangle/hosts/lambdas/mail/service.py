"""The mail service on AWS."""

from quadrangle.hosts.lambdas.service import Described, ServiceHost
from quadrangle.mail.declared import MAIL


class MailHost(ServiceHost):
    declared = MAIL

    def described(self) -> Described:
        from quadrangle.mail.http import ROUTES
        from quadrangle.mail.service import MailService

        return Described(ROUTES, (MailService,))
