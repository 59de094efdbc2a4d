"""Origins of pages: what the setting and owners may name.

They stand in a header that says which pages may hold a player, so nothing that is no origin may
come near it, nor what a browser would never match.
"""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address

LONGEST = 200
_LONGEST_HOST = 253
_LAST_PORT = 65_535
_ORIGIN = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::([1-9][0-9]{0,4}))?")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # browsers take a host that ends so for an address


def is_origin(text: str) -> bool:
    """Tell whether that is scheme, host and port of pages, as browsers write them: https, or http
    on this very machine, where pages are tried out."""
    found = _ORIGIN.fullmatch(text)
    if found is None or len(text) > LONGEST:
        return False
    scheme, host, port = found.groups()
    if port is not None and int(port) > _LAST_PORT:
        return False
    return _is_host(host) and (scheme == "https" or _is_here(host))


def _is_host(host: str) -> bool:
    if host.startswith("["):
        return _is_address(IPv6Address, host[1:-1])
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _is_address(IPv4Address, host)
    return len(host) <= _LONGEST_HOST and all(_LABEL.fullmatch(label) for label in labels)


def _is_here(host: str) -> bool:
    if host.startswith("["):
        return IPv6Address(host[1:-1]).is_loopback
    if host == "localhost" or host.endswith(".localhost"):
        return True
    return host.startswith("127.") and _is_address(IPv4Address, host)


def _is_address(kind: type[IPv4Address] | type[IPv6Address], text: str) -> bool:
    try:
        kind(text)
    except AddressValueError:
        return False
    return True
