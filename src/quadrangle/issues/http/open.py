"""The two calls that everyone makes: report an issue, look one up.

Apart from issue_routes.py, so that a function on AWS answers them before it loads the others.
"""

from collections.abc import Callable
from typing import Any

from quadrangle.issues.http import source as http_source
from quadrangle.issues.http.source import HotParts

ROUTES = http_source.OPEN_ROUTES


def hot_parts(parts: dict[str, Any], address_of: Callable[[Any], str]) -> HotParts:
    """Return what the two calls that everyone makes fetch in one step."""
    return HotParts(
        parts["reporting"],
        parts["authenticator"],
        parts["limiter"],
        parts["report_limit"],
        address_of,
    )
