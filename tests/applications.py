"""Parts of applications that tests put together without a server."""

from typing import Any

from quadrangle.http.addresses import client_address
from quadrangle.http.common import Common
from quadrangle.http.downloads import StreamedDownloads
from quadrangle.http.limits import RateLimiter


class Absent:
    """Stands for a part that a test has no use for: using it fails."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} of a part that is not there")


def common_of(authenticator: Any = None) -> Common:
    """Return what handlers of every service may take, for a client that no proxy stands before."""
    return Common(
        address_of=lambda scope: client_address(scope, ()),
        authenticator=authenticator or Absent(),
        limiter=RateLimiter(),
        downloads=StreamedDownloads(),
        secure_cookies=False,
    )
