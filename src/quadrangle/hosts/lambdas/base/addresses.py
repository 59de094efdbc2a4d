"""Where a request comes from, behind CloudFront and API Gateway."""

import secrets
from collections.abc import Callable
from typing import Any

from quadrangle.http.asking.addresses import network_of

# CloudFront adds it to what it passes on; nobody else knows its value.
FRONT_HEADER = "x-quadrangle-front"


def address_by(front_secret: str) -> Callable[[Any], str]:
    """Return what tells from a scope which network the client is in.

    API Gateway sees CloudFront as the client of all who come that way, and appends CloudFront's
    address to X-Forwarded-For behind the client's. Whoever goes to API Gateway directly is who it
    says: what they write into X-Forwarded-For does not count.
    """

    def address_of(scope: Any) -> str:
        event = scope.get("aws.event", {})
        source = event.get("requestContext", {}).get("identity", {}).get("sourceIp") or "unknown"
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        passed_on = headers.get(FRONT_HEADER, "")
        if front_secret and secrets.compare_digest(passed_on.encode(), front_secret.encode()):
            hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",")]
            if len(hops) > 1:
                return network_of(hops[-2])
        return network_of(source)

    return address_of
