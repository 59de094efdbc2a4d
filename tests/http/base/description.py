"""The calls there are, which name tests, and their description, which takes longer to make."""

import asyncio
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.server import Server
from quadrangle.hosts.one_machine.services import Services
from quadrangle.hosts.one_machine.settings import Settings
from tests.applications import routes_of_one_machine

# Every call that is described: its method in small letters and its path.
CALLS = [
    (method.lower(), path.replace(":str", ""))
    for route in routes_of_one_machine()
    if getattr(route, "include_in_schema", False) is not False
    for method in sorted(route.http_methods)
    for path in sorted(route.paths)
]


@cache
def description() -> dict[str, Any]:
    """Return the description of the API that a server of one machine gives."""
    return asyncio.run(_asked())


async def _asked() -> dict[str, Any]:
    """Ask the application, without a running server."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    path = "/api/openapi.json"
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Services(MachineParts(Settings(data=Path(folder)))))
        await server.app(scope, receive, send)
        await server.close()
    return json.loads(sent[1]["body"])
