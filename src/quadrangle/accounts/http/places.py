"""Where a request comes from, as sessions and limits see it."""

from typing import Any

from litestar import Request

from quadrangle.accounts.model import Place
from quadrangle.accounts.tokens.session_rules import LONGEST_DEVICE
from quadrangle.http.asking.auth import DEVICE_COOKIE, is_mark, new_mark
from quadrangle.http.injection import Injected
from quadrangle.kernel.text import storable


async def provide_place(request: Request[Any, Any, Any], client_address: Injected[str]) -> Place:
    """Return the address, what the browser calls itself, and the mark it was given or is to get."""
    device = request.headers.get("user-agent", "")[:LONGEST_DEVICE]
    mark = request.cookies.get(DEVICE_COOKIE, "")
    return Place(client_address, storable(device), mark if is_mark(mark) else new_mark())
