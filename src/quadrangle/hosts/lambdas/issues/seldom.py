"""The calls about issues that a container of issues.http may never get: staff, photos,
conversations, lists and catalogs."""

from quadrangle.hosts.shared.http_app import RouteGroup
from quadrangle.issues.http import routes as issue_routes
from quadrangle.issues.service import IssueService


def seldom_routes(issues: IssueService) -> RouteGroup:
    """Return them."""
    routes = [*issue_routes.SELDOM, *issue_routes.PHOTOS_SENT_TO_S3]
    return RouteGroup(routes, [issues], issue_routes.DEPENDENCIES)
