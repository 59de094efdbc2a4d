"""Short ways to have meetings on a running server."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.running import Answer, Campus

_HOURS = itertools.count(48, 2)  # each meeting has a time of its own, as desktops are few


def ahead(**by: float) -> str:
    """Return an instant that far from now, as clients write it."""
    return (datetime.now(UTC) + timedelta(**by)).isoformat()


def schedule(server: Campus, token: str | None, **fields: Any) -> Answer:
    body = {
        "teacher_name": "Dr Ada",
        "student_name": "Ben",
        "meet_time": ahead(hours=next(_HOURS)),
        "frontend_base_url": f"{server.base}/meeting",
        **fields,
    }
    return server.call("POST", "/schedule", body, token=token)


def scheduled(server: Campus, token: str, **fields: Any) -> dict[str, Any]:
    answer = schedule(server, token, **fields)
    assert answer.status == 200, answer.body
    return answer.json


def key_of(link: str) -> str:
    return parse_qs(urlsplit(link).query)["key"][0]


def join(server: Campus, meeting_id: str, role: str, key: str, **options: Any) -> Answer:
    method = options.pop("method", "GET")
    return server.call(method, f"/join/{meeting_id}/{role}?key={key}", **options)


def show(server: Campus, meeting_id: str, token: str) -> dict[str, Any]:
    answer = server.call("GET", f"/api/meetings/{meeting_id}", token=token)
    assert answer.status == 200, answer.body
    return answer.json
