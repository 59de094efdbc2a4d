"""Calls about issues that tests share."""

from typing import Any
from urllib.parse import urlencode

from tests.running import RunningServer


def get(server: RunningServer, path: str, token: str | None, **query: Any) -> Any:
    answer = server.call("GET", f"{path}?{urlencode(query)}", token=token)
    assert answer.status == 200, answer.body
    return answer.json


def patch(server: RunningServer, issue_id: str, token: str, **fields: Any) -> None:
    answer = server.call("PATCH", f"/api/issues/{issue_id}", fields, token=token)
    assert answer.status == 200, answer.body
