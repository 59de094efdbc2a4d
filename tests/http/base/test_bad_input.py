"""Whatever is sent, the answer is a sentence and never a 500."""

import json

import pytest

from tests.running import RunningServer

GOOD = {"issueType": "Network", "location": "Library", "description": "It is broken"}


def refused(answer, status=400, field=None):
    assert answer.status == status, (answer.status, answer.body[:300])
    assert answer.json["message"].endswith(".")
    assert answer.headers["x-request-id"]
    if field is not None:
        assert field in [error["field"] for error in answer.json["errors"]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"12",
        b"\xff\xfe",
        b'{"issueType": 5, "zz": "\xff"}',
        b'{"issueType": "a", "location": "b", "descr\xffiption": "c"}',
        b"{'a': 1}",
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b"\x00",
        b"issueType=a&location=b",
        b"\xef\xbb\xbf{}",
    ],
)
def test_a_body_that_is_no_json_object(server: RunningServer, body: bytes):
    refused(server.call("POST", "/report-issue", body))


@pytest.mark.parametrize("field", list(GOOD))
@pytest.mark.parametrize(
    "value",
    [None, 1, 1.5, True, [], {}, "", "   ", "\n\t", "a\x00b", "a\x1bb", "a\x7fb", "x" * 5001],
)
def test_a_field_that_cannot_be_used(server: RunningServer, field, value):
    refused(server.call("POST", "/report-issue", {**GOOD, field: value}), field=field)


@pytest.mark.parametrize("field", list(GOOD))
def test_a_missing_field(server: RunningServer, field):
    body = {name: value for name, value in GOOD.items() if name != field}
    refused(server.call("POST", "/report-issue", body), field=field)


def test_all_faulty_fields_are_named_at_once(server: RunningServer):
    answer = server.call("POST", "/report-issue", {"issueType": 5})
    refused(answer)
    assert {e["field"] for e in answer.json["errors"]} == {"issueType", "location", "description"}


def test_a_field_given_twice_by_escapes(server: RunningServer):
    body = b'{"issueType":"Plumbing","location":"A","description":"x","descripti\\u006fn":"y"}'
    refused(server.call("POST", "/report-issue", body), field="description")


def test_a_field_given_twice(server: RunningServer):
    body = b'{"issueType":"a","location":"b","description":"c","location":"d"}'
    refused(server.call("POST", "/report-issue", body), field="location")


def test_a_value_that_looks_like_a_field_is_fine(server: RunningServer):
    body = {**GOOD, "description": "location"}
    assert server.call("POST", "/report-issue", body).status == 200


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert('test')</script>",
        "𝕌𝕟𝕚𝕔𝕠𝕕𝕖 🎓👩‍🔬 ﷽",
        "العربية עברית",
        "a\nb\r\nc\td",
        "'; DROP TABLE issues; --",
        "%s %d {0} ${x} {{7*7}}",
        "\u202etxet",
        "x" * 5000,
        "\ud7ff",
        '"issueType"',
        "\\u0000",
    ],
)
def test_text_comes_back_as_it_was_typed(server: RunningServer, text: str):
    issue_id = server.report(description=text)
    answer = server.call("GET", f"/issue-status/{issue_id}")
    assert answer.json["description"] == text.strip()


def test_a_lone_surrogate_is_refused(server: RunningServer):
    body = b'{"issueType":"a","location":"b","description":"\\ud800"}'
    refused(server.call("POST", "/report-issue", body))


def test_the_longest_report_fits_and_more_is_too_large(server: RunningServer):
    fits = {**GOOD, "description": "\U0001f393" * 5000}
    assert server.call("POST", "/report-issue", fits).status == 200
    padded = json.dumps(GOOD).encode()
    limit = 64 * 1024
    assert server.call("POST", "/report-issue", padded.ljust(limit)).status == 200
    refused(server.call("POST", "/report-issue", padded.ljust(limit + 1)), 413)
    refused(server.call("POST", "/report-issue", {**GOOD, "description": "x" * 10_000_000}), 413)


@pytest.mark.parametrize(
    "mime",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "nonsense",
        "application/xml",
        "application/json; charset=utf-16",
    ],
)
def test_another_content_type_is_read_as_json_or_refused(server: RunningServer, mime: str):
    answer = server.call("POST", "/report-issue", b"<xml/>", headers={"Content-Type": mime})
    refused(answer)


@pytest.mark.parametrize("path", ["/report-issue", "/api/issues/events", "/update-status"])
def test_a_method_that_is_not_offered(server: RunningServer, path: str):
    answer = server.call("DELETE", path)
    refused(answer, 405)
    assert answer.headers["allow"]


@pytest.mark.parametrize("path", ["/api/nothing", "/api/", "/issue-status/", "/api/issues/a/b/c"])
def test_an_address_of_nothing(server: RunningServer, path: str):
    refused(server.call("GET", path), 404)


@pytest.mark.parametrize(
    "path",
    [
        "/../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/css/..%2f..%2fcli.py",
        "/.git/config",
        "/%00",
        "/js/\\..\\..\\cli.py",
        "/vendor/../../cli.py",
    ],
)
def test_no_file_outside_the_pages_is_served(server: RunningServer, path: str):
    answer = server.call("GET", path)
    assert answer.status == 404
    assert b"root:" not in answer.body
    assert b"argparse" not in answer.body


def test_a_made_up_page_is_not_found(server: RunningServer):
    assert server.call("GET", "/no-such-page").status == 404


def test_every_answer_has_a_request_id_that_the_log_line_has_too(server: RunningServer):
    from tests.running import wait_for

    answer = server.call("GET", "/api/config")
    request_id = answer.headers["x-request-id"]
    line = wait_for(
        lambda: next((x for x in server.log.read_text().splitlines() if request_id in x), None),
        "the log line",
    )
    logged = json.loads(line)
    assert (logged["path"], logged["status"]) == ("/api/config", 200)


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
@pytest.mark.parametrize("spelling", ["/api/", "/prod/api/", "/api//", "/prod//api/"])
def test_the_address_of_a_calendar_is_in_no_log(server: RunningServer, method: str, spelling: str):
    from tests.running import wait_for

    answer = server.call(method, f"{spelling}meetings/feed/verysecret{method}.ics")
    request_id = answer.headers["x-request-id"]
    wait_for(lambda: request_id in server.log.read_text(), "the log line")
    assert f"verysecret{method}" not in server.log.read_text()


def test_other_origins_may_use_the_source_paths_only_and_without_cookies(server: RunningServer):
    headers = {"Origin": "https://elsewhere.example"}
    for path in ("/report-issue", "/prod/get-all-issues", "/issue-status/x"):
        answer = server.call("OPTIONS", path, headers=headers)
        assert answer.status == 204
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "POST" in answer.headers["access-control-allow-methods"]
        assert "access-control-allow-credentials" not in answer.headers
    for path in ("/api/accounts/me", "/api/issues/counts"):
        answer = server.call("OPTIONS", path, headers=headers)
        assert answer.status == 204
        assert "access-control-allow-origin" not in answer.headers
    error = server.call("POST", "/report-issue", b"{", headers=headers)
    assert error.status == 400
    assert error.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/report-issue", {"POST", "OPTIONS"}),
        ("/api/config", {"GET", "HEAD", "OPTIONS"}),
        ("/prod/api/issues/x", {"GET", "HEAD", "PATCH", "OPTIONS"}),
        ("/desk", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_an_address_tells_what_it_allows(server: RunningServer, path: str, methods: set[str]):
    asked = server.call("OPTIONS", path)
    refused = server.call("DELETE", path)
    assert (asked.status, refused.status) == (204, 405)
    for answer in (asked, refused):
        assert set(answer.headers["allow"].split(", ")) == methods


def test_an_address_that_is_not_there_allows_nothing(server: RunningServer):
    answer = server.call("OPTIONS", "/api/nowhere")
    assert (answer.status, answer.json["message"]) == (404, "There is nothing at this address.")


def test_head_answers_like_get_without_a_body(server: RunningServer):
    answer = server.call("HEAD", "/api/config")
    assert (answer.status, answer.body) == (200, b"")


def test_pages_have_a_strict_policy_and_revalidate(server: RunningServer):
    page = server.call("GET", "/")
    assert page.status == 200
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    again = server.call("GET", "/", headers={"If-None-Match": page.headers["etag"]})
    assert again.status == 304
