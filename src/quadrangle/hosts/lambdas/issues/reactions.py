"""The reactions of the issue service, and what keeps its lists and counts."""

from collections.abc import Sequence

from quadrangle.aws.issues.projection import DynamoIssueProjection
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.hosts.lambdas.issues.stores import issue_store
from quadrangle.issues.mails import IssueLinks
from quadrangle.issues.overview.figures import COUNTED_KINDS
from quadrangle.issues.own_reports import OwnReports
from quadrangle.issues.ports import StaffDirectory
from quadrangle.issues.reactions import IssueReactions
from quadrangle.issues.triage import Triage
from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.clock import zone_of
from quadrangle.kernel.lazily import lazily
from quadrangle.kernel.mail import MailQueue


def issue_reactions(parts: FunctionParts, mail: MailQueue) -> list[Reaction]:
    """Return them."""
    settings = parts.environment
    triage = lazily(lambda: _triage(parts))
    links = IssueLinks(settings.public_url, settings.time_zone)
    staff = lazily(lambda: _staff(parts))
    store, address, clock = issue_store(parts), settings.admin_email, parts.clock
    own_reports = lazily(lambda: _own_reports(parts))
    of_changes = IssueReactions(store, mail, triage, staff, own_reports, links, address, clock)
    projection = DynamoIssueProjection(parts.dynamo, parts.tables, zone_of(settings.time_zone))

    async def project(change: Change) -> None:
        projection.apply([change])

    async def project_all(changes: Sequence[Change]) -> None:
        projection.apply(changes)

    counting = Reaction("issues.project", COUNTED_KINDS, project, together=project_all)
    return [*of_changes.all(), counting]


def _staff(parts: FunctionParts) -> StaffDirectory:
    from quadrangle.accounts.people.staff import Staff
    from quadrangle.hosts.lambdas.accounts.stores import account_store

    return Staff(account_store(parts))


def _own_reports(parts: FunctionParts) -> OwnReports:
    from quadrangle.hosts.lambdas.issues.parts import members_of

    return OwnReports(issue_store(parts), members_of(parts), parts.clock)


def _triage(parts: FunctionParts) -> Triage:
    from quadrangle.hosts.lambdas.issues.parts import issue_service

    return issue_service(parts).triage
