"""The account service on AWS."""

from collections.abc import Sequence

from quadrangle.accounts.declared import ACCOUNTS
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.service import Described, ServiceHost
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.mail import MailQueue


class AccountsHost(ServiceHost):
    declared = ACCOUNTS

    def reactions(self, parts: FunctionParts, mail: MailQueue) -> Sequence[Reaction]:
        from quadrangle.hosts.lambdas.accounts.reactions import account_reactions

        return account_reactions(parts, mail)

    def described(self) -> Described:
        from quadrangle.accounts.http import routes
        from quadrangle.accounts.service import AccountService

        return Described(routes.ROUTES, (AccountService,), routes.DEPENDENCIES)
