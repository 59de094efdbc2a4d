"""Every reaction to changes, and the function that each is."""

from quadrangle.aws.issues.projection import DynamoIssueProjection
from quadrangle.aws.jobs.queues import Queues
from quadrangle.aws.mail.outbox import DynamoOutbox
from quadrangle.hosts.lambdas.accounts.reactions import account_reactions
from quadrangle.hosts.lambdas.audit.reaction import audit_reaction
from quadrangle.hosts.lambdas.base.jobs import aws_jobs
from quadrangle.hosts.lambdas.base.parts import Parts
from quadrangle.hosts.lambdas.issues.parts import issue_service
from quadrangle.issues.mails import Links
from quadrangle.issues.overview.figures import COUNTED_KINDS
from quadrangle.issues.reactions import IssueReactions
from quadrangle.kernel.change import Change, Reaction


def reactions(parts: Parts, queues: Queues) -> list[Reaction]:
    """Return all of them; each function calls one, by its name."""
    settings = parts.environment
    outbox = DynamoOutbox(parts.dynamo, parts.tables, aws_jobs(parts, queues), parts.clock)
    triage = issue_service(parts).triage
    links = Links(settings.public_url)
    issues = IssueReactions(parts.issues, outbox, triage, links, settings.admin_email)
    projection = DynamoIssueProjection(parts.dynamo, parts.tables)

    async def project(change: Change) -> None:
        projection.apply([change])

    return [
        *issues.all(),
        Reaction("issues.project", COUNTED_KINDS, project),
        *account_reactions(parts, outbox),
        audit_reaction(parts),
    ]
