"""The reactions of the issue service, and what keeps its lists and counts."""

from quadrangle.aws.issues.projection import DynamoIssueProjection
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.issues.stores import issue_store
from quadrangle.issues.mails import IssueLinks
from quadrangle.issues.overview.figures import COUNTED_KINDS
from quadrangle.issues.reactions import IssueReactions
from quadrangle.issues.triage import Triage
from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.lazily import lazily
from quadrangle.kernel.mail import MailQueue


def issue_reactions(parts: FunctionParts, mail: MailQueue) -> list[Reaction]:
    """Return them."""
    settings = parts.environment
    triage, links = lazily(lambda: _triage(parts)), IssueLinks(settings.public_url)
    store, address, clock = issue_store(parts), settings.admin_email, parts.clock
    of_changes = IssueReactions(store, mail, triage, links, address, clock)
    projection = DynamoIssueProjection(parts.dynamo, parts.tables)

    async def project(change: Change) -> None:
        projection.apply([change])

    return [*of_changes.all(), Reaction("issues.project", COUNTED_KINDS, project)]


def _triage(parts: FunctionParts) -> Triage:
    from quadrangle.hosts.lambdas.issues.parts import issue_service

    return issue_service(parts).triage
