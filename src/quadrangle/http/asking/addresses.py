"""Where a request comes from, for limits and audit."""

import ipaddress
from collections.abc import Sequence
from functools import lru_cache
from typing import Any


def client_address(scope: Any, trusted_proxies: Sequence[str]) -> str:
    """Return the client's address.

    `X-Forwarded-For` counts only when the direct peer is a trusted proxy; its last entry that is
    not itself a trusted proxy is the client. IPv6 addresses are cut to their /64, the smallest
    network a provider hands out, so that one household cannot pose as many.
    """
    peer = (scope.get("client") or ("unknown", 0))[0]
    address = peer
    if peer in trusted_proxies:
        for name, value in scope["headers"]:
            if name == b"x-forwarded-for":
                entries = [e.strip() for e in value.decode("latin-1").split(",")]
                address = next((e for e in reversed(entries) if e not in trusted_proxies), peer)
    return network_of(address)


@lru_cache(4096)
def is_loopback_address(address: str) -> bool:
    """Tell whether an address, as `client_address` returns it, is this machine's own."""
    try:
        return ipaddress.ip_network(address, strict=False).is_loopback or address == "::/64"
    except ValueError:
        return False


@lru_cache(4096)
def network_of(address: str) -> str:
    """Return who an address counts as: itself, or for IPv6 its network."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address) + "/64"
    return str(parsed)
