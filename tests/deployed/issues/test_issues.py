"""Reports, mails, lists, counts and photos, through gateway, functions, stream and queues."""

import io
import urllib.request
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from tests.deployed.stack import Stack
from tests.running import Campus, wait_for

Mails = list[dict[str, Any]]


def mails_to(stack: Stack, address: str) -> Mails:
    """Return what SES was given for an address, oldest first."""
    return [mail for mail in stack.sent_mails() if mail["To"] == [address]]


def alerted(stack: Stack, issue_id: str) -> bool:
    alerts = mails_to(stack, "admin@campus.example")
    return any(issue_id in mail["BodyText"] for mail in alerts)


def test_a_report_its_mails_and_its_way_to_the_end(campus: Campus, stack: Stack, staff: str):
    ann = f"ann-{uuid4().hex}@campus.example"
    issue_id = campus.report(email=ann, description="WiFi <b>down</b> 🎓")
    shown = campus.call("GET", f"/issue-status/{issue_id}").json
    assert (shown["status"], shown["description"]) == ("OPEN", "WiFi <b>down</b> 🎓")

    (confirmation,) = wait_for(lambda: mails_to(stack, ann), "the confirmation")
    assert issue_id in confirmation["BodyText"]
    wait_for(lambda: alerted(stack, issue_id), "the alert")

    moved = {"issueId": issue_id, "status": "RESOLVED"}
    answer = campus.call("PUT", "/prod/update-status", moved, token=staff)
    assert (answer.status, answer.json["message"]) == (200, "Status updated to RESOLVED")
    both = wait_for(
        lambda: len(found := mails_to(stack, ann)) > 1 and found, "the status mail", seconds=180
    )
    assert "Resolved" in both[1]["Subject"]

    listed = campus.call("GET", "/get-all-issues?status=RESOLVED", token=staff).json["issues"]
    assert issue_id in [issue["issueId"] for issue in listed]


def test_each_of_two_reports_by_one_person_is_confirmed_and_alerted(campus: Campus, stack: Stack):
    """Numbers of changes are counted by issue: they tell nothing apart across issues."""
    ann = f"ann-{uuid4().hex}@campus.example"
    ids = [campus.report(email=ann) for _ in range(2)]
    wait_for(lambda: len(mails_to(stack, ann)) == 2, "both confirmations")
    for issue_id in ids:
        wait_for(lambda wanted=issue_id: alerted(stack, wanted), "the alert")


def test_the_same_status_again_mails_nobody(campus: Campus, stack: Stack, staff: str):
    ann, bob = (f"{name}-{uuid4().hex}@campus.example" for name in ("ann", "bob"))
    first = campus.report(email=ann)
    wait_for(lambda: mails_to(stack, ann), "the confirmation")
    campus.call("PUT", "/update-status", {"issueId": first, "status": "OPEN"}, token=staff)
    campus.report(email=bob)
    wait_for(lambda: mails_to(stack, bob), "a later mail")
    assert len(mails_to(stack, ann)) == 1


def test_search_and_counts_follow(campus: Campus, staff: str):
    word, place = f"zq{uuid4().hex[:10]}", f"Room {uuid4().hex[:8]}"
    issue_id = campus.report(description=f"The {word} is loose", location=place)

    def found(path: str) -> list[str]:
        issues = campus.call("GET", path, token=staff).json["issues"]
        return [issue["issueId"] for issue in issues]

    wait_for(lambda: found(f"/get-all-issues?q={word[:6]}") == [issue_id], "the search words")

    def counted() -> int | None:
        return campus.call("GET", "/api/issues/counts", token=staff).json["location"].get(place)

    wait_for(lambda: counted() == 1, "the counts")


def test_duplicates_follow_their_original(campus: Campus, staff: str):
    original, duplicate = campus.report(), campus.report()
    linked = campus.call(
        "PATCH", f"/api/issues/{duplicate}", {"duplicateOf": original}, token=staff
    )
    assert linked.status == 200
    campus.call("PUT", "/update-status", {"issueId": original, "status": "RESOLVED"}, token=staff)

    def status() -> str:
        return campus.call("GET", f"/issue-status/{duplicate}").json["status"]

    wait_for(lambda: status() == "RESOLVED", "the duplicate to follow")


def test_a_reply_is_mailed_to_the_other_side(campus: Campus, stack: Stack, staff: str):
    ann = f"ann-{uuid4().hex}@campus.example"
    issue_id = campus.report(email=ann)
    wait_for(lambda: mails_to(stack, ann), "the confirmation")
    said = {"text": "We come on Monday."}
    assert campus.call("POST", f"/api/issues/{issue_id}/replies", said, token=staff).status == 201
    both = wait_for(lambda: len(found := mails_to(stack, ann)) > 1 and found, "the reply")
    assert "We come on Monday." in both[1]["BodyText"]


def picture() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (640, 480), "green").save(written, "JPEG")
    return written.getvalue()


def send(form: dict[str, Any], content: bytes) -> int:
    """Send a file as a browser sends the form of an upload."""
    edge = uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in form["fields"].items()
    ]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    body = b"".join([*parts, head.encode(), content, f"\r\n--{edge}--\r\n".encode()])
    headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
    request = urllib.request.Request(form["url"], body, headers, method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.status


def test_a_photo_goes_to_the_bucket_and_appears(campus: Campus):
    issue_id, content = campus.report(), picture()
    wanted = {"contentType": "image/jpeg", "bytes": len(content)}
    form = campus.call("POST", f"/api/issues/{issue_id}/photo-uploads", wanted)
    assert form.status == 201, form.body
    assert send(form.json, content) in (200, 201, 204)
    path = f"/api/issues/{issue_id}/photo-uploads/{form.json['uploadId']}"
    done = wait_for(lambda: (o := campus.call("GET", path).json)["state"] == "done" and o, "it")
    (photo,) = campus.call("GET", f"/api/issues/{issue_id}/conversation").json["photos"]
    assert done["photo"]["photoId"] == photo["photoId"]
    assert (photo["width"], photo["height"]) == (640, 480)
    shown = campus.call("GET", photo["thumbnailUrl"])
    assert (shown.status, shown.headers["content-type"]) == (200, photo_type(shown.body))


def photo_type(content: bytes) -> str:
    return Image.MIME[Image.open(io.BytesIO(content)).format or ""]


def test_what_is_no_picture_is_refused_with_a_sentence(campus: Campus):
    issue_id = campus.report()
    wanted = {"contentType": "image/jpeg", "bytes": 9}
    form = campus.call("POST", f"/api/issues/{issue_id}/photo-uploads", wanted).json
    send(form, b"no photo!")
    path = f"/api/issues/{issue_id}/photo-uploads/{form['uploadId']}"
    told = wait_for(lambda: (o := campus.call("GET", path).json)["state"] == "refused" and o, "it")
    assert told["message"]
    assert campus.call("GET", f"/api/issues/{issue_id}/conversation").json["photos"] == []


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["issueType", "location", "description"]),
        ({"issueType": 1, "location": "x", "description": "y"}, ["issueType"]),
        ({"issueType": "a" * 101, "location": "x", "description": "y"}, ["issueType"]),
        ({"issueType": "x", "location": "x", "description": "\x00"}, ["description"]),
        (b"{", None),
        (b"[]", None),
        (b"", None),
        (b"\xff", None),
    ],
)
def test_bad_reports_are_refused(campus: Campus, body: Any, fields: list[str] | None):
    answer = campus.call("POST", "/report-issue", body)
    assert answer.status == 400
    assert answer.json["message"]
    assert answer.headers["x-request-id"]
    if fields is not None:
        assert [error["field"] for error in answer.json["errors"]] == fields


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/issue-status/nothing", 404),
        ("GET", "/issue-status/3f2b8c1e-9d47-4a5b-8e6f-0a1b2c3d4e5f", 404),
        ("DELETE", "/report-issue", 405),
        ("GET", "/get-all-issues", 401),
        ("GET", "/api/mail/outbox", 401),
        ("GET", "/api/nowhere/at/all", 404),
        ("POST", "/api/issues/nothing/replies", 400),
    ],
)
def test_what_is_not_there_or_not_allowed(campus: Campus, method: str, path: str, status: int):
    answer = campus.call(method, path, {} if method == "POST" else None)
    assert (answer.status, bool(answer.json["message"])) == (status, True)


def test_other_origins_may_report(campus: Campus):
    headers = {"Origin": "https://elsewhere.example"}
    for method, body in (("OPTIONS", None), ("POST", b"[]")):
        answer = campus.call(method, "/report-issue", body, headers=headers)
        assert answer.headers["access-control-allow-origin"] == "*"
