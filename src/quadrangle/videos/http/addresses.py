"""Whole addresses, for clients that are not pages of this server."""

import re
from typing import Any
from urllib.parse import urlsplit

from litestar import Request

_HOST = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]{1,5})?|\[[0-9A-Fa-f:]+\](?::[0-9]{1,5})?")


def base_of(request: Request[Any, Any, Any], public_url: str) -> str:
    """Return how addresses begin that this client can open: as it has reached the server itself.

    The public address is taken where that is what was asked by, and where the client names no host.
    """
    public = public_url.rstrip("/")
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host) or host == urlsplit(public).netloc:
        return public
    return f"{request.scope['scheme']}://{host}"
