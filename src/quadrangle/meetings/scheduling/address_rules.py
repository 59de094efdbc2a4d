"""Addresses that links may lead to."""

import re
from urllib.parse import urlsplit

from quadrangle.kernel.errors import InvalidInput

LONGEST_ADDRESS = 500  # characters
FIELD = "frontend_base_url"
# What an address has by RFC 3986. No backslash: browsers read it as a slash, and libraries do not.
_ADDRESS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_PORTS = {"http": 80, "https": 443}


def page_of(address: str, allowed: frozenset[str]) -> str:
    """Return the address of a page that links may lead to, as it was given.

    `allowed` are origins as `origin_of` returns them. Raises InvalidInput.
    """
    told = address.strip()
    if len(told) > LONGEST_ADDRESS:
        raise InvalidInput.at(FIELD, f"Please use at most {LONGEST_ADDRESS} characters.")
    origin = origin_of(told)
    if origin is None:
        raise InvalidInput.at(FIELD, "Please give the address of a page, beginning with https://.")
    if "#" in told:  # what stands behind it never comes to the page as a query
        raise InvalidInput.at(FIELD, "Please leave out the # and what is behind it.")
    if origin not in allowed:
        raise InvalidInput.at(FIELD, "Links cannot lead to this site: it is not one of ours.")
    return told


def origin_of(address: str) -> str | None:
    """Return scheme, host and port of a web address, None for what is none.

    One with a name or password before the host is none: it shows one site and leads to another.
    """
    if not _ADDRESS.fullmatch(address):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{scheme}://{host}:{port or _PORTS[scheme]}"


def with_query(address: str, query: str) -> str:
    """Return an address with more behind it, whatever it has already."""
    return f"{address}{'&' if '?' in address else '?'}{query}"
