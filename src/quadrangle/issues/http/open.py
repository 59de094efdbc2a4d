"""The two calls that everyone makes: report an issue, look one up.

Apart from routes.py, so that a function on AWS answers them before it loads the others.
"""

from quadrangle.http.asking.limits import Limit
from quadrangle.http.common import Common
from quadrangle.issues.http import source as http_source
from quadrangle.issues.http.source import HotParts
from quadrangle.issues.service import IssueService

ROUTES = http_source.OPEN_ROUTES


def hot_parts(issues: IssueService, common: Common) -> HotParts:
    """Return what the two calls that everyone makes fetch in one step."""
    return HotParts(
        reporting=issues.reporting,
        authenticator=common.authenticator,
        limiter=common.limiter,
        report_limit=Limit(issues.settings.report_burst, issues.settings.reports_per_hour),
        address_of=common.address_of,
    )
