"""Whose page a request comes from. Programs name no origin; pages cannot make one up."""

from typing import Any
from urllib.parse import urlsplit

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
FOREIGN = "This request did not come from one of our pages."


def is_ours(scope: Any, origins: frozenset[str]) -> bool:
    """Tell whether a page of this server, or of `origins`, asks, or no page at all.

    Where a browser says that it is the same origin it knows better than we do, who may stand
    behind something that changes the name we were asked by.
    """
    headers = dict(scope["headers"])
    origin = headers.get(b"origin", b"").decode("latin-1")
    if not origin or origin in origins or headers.get(b"sec-fetch-site") == b"same-origin":
        return True
    return urlsplit(origin).netloc == headers.get(b"host", b"").decode("latin-1")


def origin_of(url: str) -> str:
    """Return what a browser calls the origin of a page at `url`; empty for none."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""
