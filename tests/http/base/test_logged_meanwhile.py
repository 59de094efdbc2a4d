"""What is logged while a request is answered names it, beside others that are answered too."""

import asyncio
from typing import Any

import structlog

from quadrangle.hosts.shared.logs import with_request_id
from quadrangle.http.access_log import AccessLog
from quadrangle.http.gateway import Gateway

log = structlog.get_logger(__name__)


async def _app(scope: Any, receive: Any, send: Any) -> None:
    await asyncio.sleep(0)
    log.warning("meanwhile", path=scope["path"])
    await asyncio.create_task(_later(scope["path"]))
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def _later(path: str) -> None:
    log.warning("in a task of it", path=path)


async def _ask(gateway: Gateway, path: str) -> bytes:
    """Send a request and return the id that its answer says."""
    started: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        started.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    await gateway(scope, receive, send)
    return dict(started[0]["headers"])[b"x-request-id"]


def test_each_line_names_the_request_it_belongs_to():
    gateway = Gateway(_app, cors_origins=(), open_paths=(), metrics=None, log=AccessLog())
    paths = [f"/{n}" for n in range(5)]

    async def ask_all() -> list[bytes]:
        return await asyncio.gather(*(asyncio.create_task(_ask(gateway, path)) for path in paths))

    with structlog.testing.capture_logs(processors=[with_request_id]) as events:
        log.warning("before")
        ids = asyncio.run(ask_all())
    named = {path: request_id.decode() for path, request_id in zip(paths, ids, strict=True)}
    assert "request_id" not in events[0]
    assert len(events) == 1 + 2 * len(paths)
    assert all(event["request_id"] == named[event["path"]] for event in events[1:])
