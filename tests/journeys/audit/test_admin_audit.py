"""An administrator gives a machine a key, and sees afterwards who did what."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from quadrangle.kernel.ids import new_id
from tests.journeys.conftest import DESKTOP, PHONE
from tests.running import STAFF_PIN, wait_for


@pytest.mark.smoke
def test_a_machine_gets_a_key_uses_it_and_loses_it(caretaker):
    server, name = caretaker.server, f"Sensors {new_id()[:8]}"
    page = caretaker.open("/api-keys")
    page.get_by_role("button", name="Make a key").click()
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_role("alert")).to_contain_text("Please choose at least one.")
    caretaker.check_accessibility()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Read all reports").check()
    page.get_by_role("button", name="Make the key").click()
    dialog = page.get_by_role("dialog", name=f"API key {name}")
    key = dialog.locator("code").inner_text()
    told = dialog.get_by_label("Example").inner_text()
    assert told == f"curl {server.base}/get-all-issues \\\n  -H 'X-Api-Key: {key}'"
    caretaker.check_accessibility()
    page.get_by_role("button", name="I have noted it").click()

    headers = {"X-Api-Key": key}
    assert server.call("GET", "/get-all-issues", headers=headers).status == 200
    assert server.call("GET", "/api/issues/statistics", headers=headers).status == 403
    page.reload()
    row = page.get_by_role("listitem").filter(has_text=name)
    expect(row).to_contain_text("In use")
    expect(page.get_by_text(key)).to_have_count(0)
    caretaker.check_accessibility()

    row.get_by_role("button", name=f"Revoke {name}").click()
    page.get_by_role("button", name="Keep it").click()
    assert server.call("GET", "/get-all-issues", headers=headers).status == 200
    row.get_by_role("button", name=f"Revoke {name}").click()
    page.get_by_role("button", name="Revoke", exact=True).click()
    page.get_by_text(re.compile("no longer work")).click()
    expect(row).to_contain_text("Revoked")
    assert server.call("GET", "/get-all-issues", headers=headers).status == 401


@pytest.mark.smoke
def test_who_did_what_is_found_and_exported(caretaker):
    server = caretaker.server
    issue_id = server.report(location="Hall")
    token = server.sign_in()
    server.call("PUT", "/update-status", {"issueId": issue_id, "status": "RESOLVED"}, token=token)
    page = caretaker.open("/api-keys")
    expect(page.get_by_role("button", name="Make a key")).to_be_visible()
    page.goto("/report")
    page.get_by_role("button", name="Account").first.click()
    page.get_by_role("link", name="Audit").click()
    expect(page.get_by_role("heading", name="Audit")).to_be_visible()
    # what keeps records reacts to the change: a moment later, on AWS some seconds
    records = f"/api/accounts/audit?subject={issue_id}"
    wait_for(lambda: server.call("GET", records, token=token).json["records"], "the record")
    page.goto(f"/audit?subject={issue_id}")
    page.get_by_text("changed the status of a report").click()
    expect(page.get_by_text("RESOLVED")).to_be_visible()
    expect(page.get_by_role("link", name="Open the report")).to_be_visible()
    caretaker.check_accessibility()

    page.get_by_role("link", name="Clear filters").click()
    page.get_by_label("What").select_option("Failed sign-ins")
    expect(page).to_have_url(re.compile("kind=account.sign-in-failed"))
    server.call("POST", "/api/accounts/sign-in", {"email": "a@b.example", "password": "wrong"})
    expect(page.get_by_text("changed the status")).to_have_count(0)
    page.get_by_label("From").fill("2020-01-01")
    page.get_by_label("To").fill("2020-01-02")
    expect(page.get_by_text("Nothing matches these filters.")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("Nothing matches these filters.")).to_have_count(0)

    page.goto(f"/audit?subject={issue_id}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as CSV").click()
    text = download.value.path().read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["kind"] for row in rows] == ["issue.status-changed"]
    assert rows[0]["subject"] == issue_id
    assert len(rows[0]["hash"]) == 64


@pytest.mark.parametrize("path", ["/audit", "/api-keys"])
def test_only_administrators_see_these_pages(make_visitor, path):
    visitor = make_visitor(viewport=DESKTOP)
    answer = visitor.context.request.post("/api/accounts/pin", data={"pin": STAFF_PIN})
    assert answer.ok
    page = visitor.open(path)
    expect(page.get_by_text("Only administrators can")).to_be_visible()


@pytest.mark.parametrize("path", ["/audit", "/api-keys"])
def test_on_a_phone_nothing_is_cut_off(make_visitor, path):
    visitor = make_visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    visitor.sign_in()
    page = visitor.open(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    visitor.check_accessibility()
