"""How many connections this process may hold, and what of that requests may take."""

import resource

from quadrangle.http.asking.shares import Shares

WANTED = 16_000
# Files, the database, the worker, lines to desktops.
_FOR_OTHERS = 4_000
_OF_FEW = 4  # where the system allows few, a quarter is for others


def most_connections() -> int:
    """Have the system allow this process as many open files as it may, and return how many of
    them connections may be: mostly it allows 1,024 until a process asks for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED + _FOR_OTHERS
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return min(WANTED, max(allowed - _FOR_OTHERS, allowed - allowed // _OF_FEW))


def shares_of(connections: int) -> Shares:
    """Return how many requests may be open: fewer than connections, so that health answers."""
    in_all = connections * 3 // 4
    return Shares(in_all, in_all // 4)
