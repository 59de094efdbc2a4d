"""What handlers of every service may take besides the facade of their own."""

from collections.abc import Callable
from typing import Any, get_type_hints

import msgspec

from quadrangle.http.answers.downloads import Downloads
from quadrangle.http.asking.authenticator import Authenticator
from quadrangle.http.asking.limits import RateLimiter
from quadrangle.kernel.principal import Principal


class Common(msgspec.Struct, frozen=True):
    """The parts that are no service's. `address_of` tells from a scope where a request comes from.

    The others are injected by the names of their fields.
    """

    address_of: Callable[[Any], str]
    authenticator: Authenticator
    limiter: RateLimiter
    downloads: Downloads
    secure_cookies: bool

    def by_name(self) -> dict[str, Any]:
        """Return what is injected, by its names."""
        return {name: getattr(self, name) for name in INJECTED}


# What is injected of it, with its class.
INJECTED = {name: kind for name, kind in get_type_hints(Common).items() if name != "address_of"}
# What is told anew for every request, and injected too.
OF_REQUEST: dict[str, Any] = {"principal": Principal, "client_address": str}
