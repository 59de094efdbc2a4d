"""The issue service on AWS."""

from collections.abc import Sequence

from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.service import Described, ServiceHost
from quadrangle.issues.declared import ISSUES
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.mail import MailQueue


class IssuesHost(ServiceHost):
    declared = ISSUES

    def reactions(self, parts: FunctionParts, mail: MailQueue) -> Sequence[Reaction]:
        from quadrangle.hosts.lambdas.issues.reactions import issue_reactions

        return issue_reactions(parts, mail)

    def described(self) -> Described:
        from quadrangle.issues.http import routes
        from quadrangle.issues.service import IssueService

        here = [*routes.ROUTES, *routes.PHOTOS_SENT_TO_S3]
        return Described(here, (IssueService,), routes.DEPENDENCIES)
