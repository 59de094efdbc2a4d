"""What clients send that cannot be answered as they wish, and the answer: the same on one machine
and on AWS, at the root and under the source's stage."""

from typing import Any

from tests.running import Campus

PREFIXES = ("", "/prod")
UNKNOWN = "3f2b8c1e-9d47-4a5b-8e6f-0a1b2c3d4e5f"
REPORT = {"issueType": "Network", "location": "Library", "description": "It is broken"}

_NO_OBJECT = {"message": "The body is not a JSON object."}
_BODIES = [b"", b"{", b"[]", b"null", b'"text"', b"12", b"\xff\xfe", b"{'a': 1}", b"a=1"]


def _fields(**told: str) -> dict[str, Any]:
    errors = [{"field": field, "message": message} for field, message in told.items()]
    (message,) = told.values() if len(told) == 1 else ["Some of what was sent cannot be used."]
    return {"message": message, "errors": errors}


_REQUIRED = "This field is required."
Row = tuple[str, str, Any, int, dict[str, Any]]  # method, path, body, status, answer
CORPUS: list[Row] = [
    *(("POST", "/report-issue", body, 400, _NO_OBJECT) for body in _BODIES),
    *(("PUT", "/update-status", body, 400, _NO_OBJECT) for body in _BODIES),
    (
        *("POST", "/report-issue", {}, 400),
        _fields(issueType=_REQUIRED, location=_REQUIRED, description=_REQUIRED),
    ),
    (
        *("POST", "/report-issue", {**REPORT, "issueType": 1}, 400),
        _fields(issueType="This must be text."),
    ),
    (
        *("POST", "/report-issue", b'{"issueType": "a", "issue\\u0054ype": "b"}', 400),
        _fields(issueType="This field is given twice."),
    ),
    ("GET", f"/issue-status/{UNKNOWN}", None, 404, {"message": "Issue not found"}),
    ("GET", "/issue-status/nothing", None, 404, {"message": "Issue not found"}),
    ("GET", "/get-all-issues", None, 401, {"message": "Please sign in first."}),
    (
        *("DELETE", "/report-issue", None, 405),
        {"message": "This address does not take that method."},
    ),
    (
        *("PUT", "/update-status", {"issueId": UNKNOWN, "status": "OPEN"}, 401),
        {"message": "Please sign in first."},
    ),
    ("GET", "/api/nowhere/at/all", None, 404, {"message": "There is nothing at this address."}),
]


def differences(campus: Campus, prefix: str) -> list[str]:
    """Return what is answered otherwise."""
    found = []
    for method, path, body, status, answer in CORPUS:
        got = campus.call(method, prefix + path, body)
        if (got.status, got.body and got.json) != (status, answer):
            found.append(f"{method} {path} {body!r}: {got.status} {got.body[:300]!r}")
    return found


def followed(campus: Campus, prefix: str) -> str:
    """Report an issue and return its status, both by the source's calls under a prefix."""
    sent = campus.call("POST", f"{prefix}/report-issue", REPORT)
    assert sent.status == 200, sent.body
    seen = campus.call("GET", f"{prefix}/issue-status/{sent.json['issueId']}")
    assert seen.headers["content-type"].startswith("application/json")
    return seen.json["status"]
