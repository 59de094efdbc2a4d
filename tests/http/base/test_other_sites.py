"""What a page of another site may have a visitor's browser send, with forms and without."""

from typing import Any

import pytest

from tests.http.base.test_bad_input import GOOD, refused
from tests.running import ADMIN_EMAIL, ADMIN_PASSWORD, RunningServer


@pytest.mark.parametrize("mime", ["text/plain", "application/x-www-form-urlencoded", "text/json"])
@pytest.mark.parametrize("path", ["/api/accounts/sign-in", "/prod/api/accounts/sign-in"])
def test_what_a_form_of_another_site_may_send_is_refused(
    server: RunningServer, path: str, mime: str
):
    body = {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD}
    answer = server.call("POST", path, body, headers={"Content-Type": mime})
    refused(answer)
    assert "application/json" in answer.json["message"]
    assert "set-cookie" not in answer.headers
    typed = {"Content-Type": "application/json; charset=utf-8"}
    assert server.call("POST", path, body, headers=typed).status == 200


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1"])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/accounts/sign-in", {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD}),
        ("/api/accounts/sign-out", b""),
        ("/prod/api/accounts/sign-out", b""),
    ],
)
def test_a_page_of_another_site_changes_nothing(
    server: RunningServer, path: str, body: Any, origin: str
):
    answer = server.call("POST", path, body, headers={"Origin": origin})
    refused(answer, 403)
    assert "set-cookie" not in answer.headers
    ours = {"Origin": server.base}
    assert server.call("POST", path, body, headers=ours).status in (200, 204)
    renamed = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
    assert server.call("POST", path, body, headers=renamed).status in (200, 204)


def test_a_page_of_any_site_may_report(server: RunningServer):
    headers = {"Origin": "https://elsewhere.example", "Content-Type": "text/plain"}
    assert server.call("POST", "/report-issue", GOOD, headers=headers).status == 200
