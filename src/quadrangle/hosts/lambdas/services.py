"""The services on AWS: the one place here that knows them all."""

from quadrangle.audit.rules import Recording
from quadrangle.aws.jobs.queues import Queues
from quadrangle.hosts.lambdas.accounts.service import AccountsHost
from quadrangle.hosts.lambdas.audit.service import AuditHost
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.issues.service import IssuesHost
from quadrangle.hosts.lambdas.mail.service import MailHost
from quadrangle.hosts.lambdas.meetings.service import MeetingsHost
from quadrangle.hosts.lambdas.operation.service import OperationHost
from quadrangle.hosts.lambdas.service import ServiceHost
from quadrangle.hosts.lambdas.videos.service import VideosHost
from quadrangle.kernel.change import Reaction

_KINDS = (IssuesHost, MeetingsHost, VideosHost, AccountsHost, AuditHost, MailHost, OperationHost)
DECLARED = tuple(kind.declared for kind in _KINDS)
# What API keys may be let do, and what the audit keeps of changes.
SCOPES = tuple(scope for each in DECLARED for scope in each.scopes)
RECORDING = Recording(each.audit for each in DECLARED)

HOSTS: tuple[ServiceHost, ...] = (
    IssuesHost(),
    MeetingsHost(),
    VideosHost(),
    AccountsHost(),
    AuditHost(RECORDING),
    MailHost(),
    OperationHost(),
)


def reactions(parts: FunctionParts, queues: Queues) -> list[Reaction]:
    """Return every reaction to changes; functions call some, by their names."""
    from quadrangle.hosts.lambdas.mail.parts import outbox_of

    mail = outbox_of(parts, queues)
    return [reaction for host in HOSTS for reaction in host.reactions(parts, mail)]
