"""API Gateway's keys and ours come in one header; behind the gateway's addresses it is not ours."""

from typing import Any

from quadrangle.hosts.lambdas.base.http import without_gateway_key


async def seen(path: str) -> list[tuple[bytes, bytes]]:
    scopes: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scopes.append(scope)

    headers = [(b"x-api-key", b"gateway"), (b"authorization", b"Bearer qk_1_2")]
    scope = {"type": "http", "path": "/x", "aws.event": {"path": path}, "headers": headers}
    await without_gateway_key(app)(scope, None, None)
    return scopes[0]["headers"]


async def test_behind_the_addresses_for_machines_it_is_taken_off():
    assert await seen("/machine/report-issue") == [(b"authorization", b"Bearer qk_1_2")]


async def test_everywhere_else_it_is_ours():
    for path in ("/report-issue", "/machinery", "/prod/get-all-issues"):
        assert (b"x-api-key", b"gateway") in await seen(path)
