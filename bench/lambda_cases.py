"""What is measured of each function, and the bare handler beside it."""

from __future__ import annotations

import json
import time
from typing import Any

from bench.lambda_events import message, record, request
from bench.lambda_world import BUILT, Handler, World

OURS = "Quadrangle"
REPORT = {
    "issueType": "Network",
    "location": "Library",
    "description": "The wireless network drops every few minutes on the second floor.",
}


def reports(world: World) -> list[Handler]:
    event = request("POST", "/report-issue", body=json.dumps(REPORT))
    return [
        _ours("issues.http", event),
        _bare(world, "the source's, put_item and mail", "create_issue", event),
        _bare(world, "bare, one transaction", "create_our_way", event),
    ]


def look_ups(world: World) -> list[Handler]:
    ours, sources, _ = reports(world)
    return [
        _ours("issues.http", _question(world, ours)),
        _bare(world, "the source's, get_item", "get_issue", _question(world, sources)),
    ]


def others(world: World) -> dict[str, list[Handler]]:
    """Return what the other functions do at a start, by name: ours, and a bare one if alike."""
    change = _change(world)
    counted = _reaction("issues.project", change)
    (item,) = record(_as_item(change))["Records"]
    keys = request("GET", "/.well-known/jwks.json")
    health = request("GET", "/api/health")
    return {
        "accounts_http: keys": [
            _ours("accounts.http", keys, "accounts"),
            _bare(world, "bare, get_secret_value", "get_secret", keys),
        ],
        "operation_http: health": [_ours("operation.http", health)],
        "dispatch: one change": [
            _ours("base.dispatch", {"Records": [item]}, "events"),
            _bare(world, "bare, send_message", "send_on", {"Records": [item]}),
        ],
        "react: count a change": [
            counted,
            _bare(world, "bare, update_item", "count_change", counted.event),
        ],
        "react: write a mail": [_reaction("issues.mail-report", _change(world))],
        "deliver: send a mail": _delivery(world),
        "photos: nothing arrived": [_ours("issues.photos", {"Records": []}, "photos")],
    }


def _delivery(world: World) -> list[Handler]:
    """Return the functions that send a mail, after one has been written."""
    world.take_messages()
    world.call(_reaction("issues.mail-report", _change(world)))
    (to_admin,) = world.take_messages()
    job = message(to_admin)
    return [
        _ours("operation.deliver", job, "events"),
        _bare(world, "bare, get_item and mail", "send_mail", job),
    ]


def _reaction(name: str, change: dict[str, Any]) -> Handler:
    job = {"function": f"reaction:{name}", "payload": change, "runAt": change["at"]}
    told = {"QUADRANGLE_REACTIONS": name}
    return Handler(OURS, BUILT / "events", _in_lambdas("base.react"), message(job), told)


def _change(world: World) -> dict[str, Any]:
    """Return the change that a new issue made, as reactions get it."""
    issue_id = json.loads(world.call(reports(world)[0]))["issueId"]
    return {
        "kind": "issue.reported",
        "subject": issue_id,
        "data": {"issueType": REPORT["issueType"], "status": "OPEN"},
        "actor": "",
        "at": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
        "seq": 100,
    }


def _as_item(change: dict[str, Any]) -> dict[str, Any]:
    """Return a change as DynamoDB has it."""
    texts = {**change, "data": json.dumps(change["data"])}
    typed = {name: {"S": value} for name, value in texts.items() if name != "seq"}
    return {**typed, "seq": {"N": str(change["seq"])}}


def _question(world: World, reporting: Handler) -> dict[str, Any]:
    issue_id = json.loads(world.call(reporting))["issueId"]
    return request("GET", f"/issue-status/{issue_id}", issueId=issue_id)


def _ours(module: str, event: dict[str, Any], package: str = "http") -> Handler:
    return Handler(OURS, BUILT / package, _in_lambdas(module), event)


def _in_lambdas(module: str) -> str:
    return f"quadrangle.hosts.lambdas.{module}.handler"


def _bare(world: World, name: str, module: str, event: dict[str, Any]) -> Handler:
    return Handler(name, world.bare, f"{module}.lambda_handler", event)
