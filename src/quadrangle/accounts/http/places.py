"""Where a request comes from, as sessions and limits see it."""

from typing import Any

from litestar import Request

from quadrangle.accounts.model import Place
from quadrangle.accounts.tokens.session_rules import LONGEST_DEVICE
from quadrangle.http.injection import Injected
from quadrangle.kernel.text import storable


async def provide_place(request: Request[Any, Any, Any], client_address: Injected[str]) -> Place:
    """Return the address, and what the browser calls itself."""
    device = request.headers.get("user-agent", "")[:LONGEST_DEVICE]
    return Place(client_address, storable(device))
