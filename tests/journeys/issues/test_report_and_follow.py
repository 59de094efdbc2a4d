"""A student with a phone and one minute."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from quadrangle.kernel.ids import new_id

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (1200, 900), "seagreen").save(buffer, "JPEG")
    return buffer.getvalue()


def fill_report(page, description: str, *, place: str = "Libr", email: str = "") -> None:
    """Answer the questions one after another, as the phone asks them."""
    page.get_by_text("Network", exact=True).click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Building or place").fill(place)
    page.get_by_role("option").first.click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Describe it").fill(description)
    page.get_by_role("button", name="Continue").click()
    if email:
        page.get_by_label("E-mail").fill(email)


@pytest.mark.smoke
def test_report_with_a_photo_then_follow_it(student, caretaker):
    page = student.open("/")
    expect(page.get_by_role("heading", name="My reports")).to_be_visible()
    student.check_accessibility()
    page.get_by_role("main").get_by_role("link", name="Report an issue").click()
    expect(page.get_by_text("Question 1 of 4")).to_be_visible()
    student.check_accessibility()

    page.get_by_text("Network", exact=True).click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Building or place").fill("libr")
    page.get_by_role("option", name="Library").click()
    student.check_accessibility()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Describe it").fill("<script>alert('test')</script> The wifi is down")
    page.locator("input[type=file]").last.set_input_files(
        {"name": "wifi.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    student.check_accessibility()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("E-mail").fill("ada@campus.example")
    student.check_accessibility()
    page.get_by_role("button", name="Send the report").click()

    expect(page.get_by_role("heading", name="Your report is sent")).to_be_visible()
    expect(page.get_by_text("All photos are sent.")).to_be_visible()
    student.check_accessibility()
    found = UUID.search(page.get_by_role("main").inner_text())
    assert found
    issue_id = found.group()
    page.get_by_role("link", name="Follow this report").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Network")
    expect(page.get_by_text("<script>alert('test')</script> The wifi is down")).to_be_visible()
    student.check_accessibility()

    token = caretaker.server.sign_in()
    body = {"issueId": issue_id, "status": "IN_PROGRESS"}
    assert caretaker.server.call("PUT", "/update-status", body, token=token).status == 200
    reply = {"text": "We are on our way."}
    path = f"/api/issues/{issue_id}/replies"
    assert caretaker.server.call("POST", path, reply, token=token).status == 201
    note = {"text": "Bring the long ladder."}
    path = f"/api/issues/{issue_id}/notes"
    assert caretaker.server.call("POST", path, note, token=token).status == 201
    # without a reload: the page hears of it
    expect(page.get_by_text("We are on our way.")).to_be_visible()
    expect(page.get_by_text("Bring the long ladder.")).to_have_count(0)
    expect(page.locator("[data-status=IN_PROGRESS]").first).to_be_visible()

    page.get_by_label(re.compile("reply|message", re.I)).first.fill("Thank you!")
    page.get_by_role("button", name=re.compile("^(Send|Reply)")).first.click()
    expect(page.get_by_text("Thank you!")).to_be_visible()

    page.goto("/")
    expect(page.get_by_text("Network, Library").first).to_be_visible()
    student.check_accessibility()


def test_what_was_typed_survives_a_reload(student):
    page = student.open("/report")
    page.get_by_text("Security", exact=True).click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Building or place").fill("Behind the greenhouse")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Describe it").fill("The gate does not lock")
    page.wait_for_timeout(600)  # drafts are saved a moment after typing
    page.reload()
    expect(page.get_by_text(re.compile("We kept what you typed"))).to_be_visible()
    for _ in range(4):
        if page.get_by_label("Describe it").is_visible():
            break
        page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Describe it")).to_have_value("The gate does not lock")


def test_a_question_left_open_is_named(student):
    page = student.open("/report")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Choose what it is about.").first).to_be_visible()
    student.check_accessibility()


def test_a_server_that_is_away_loses_nothing_that_was_typed(student):
    page = student.open("/report")
    fill_report(page, "The heater is cold")
    student.context.route("**/report-issue", lambda route: route.abort())
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("What you typed is kept on this device.")).to_be_visible()
    student.context.unroute("**/report-issue")
    page.get_by_role("button", name=re.compile("Try again|Send the report")).first.click()
    expect(page.get_by_role("heading", name="Your report is sent")).to_be_visible()


def test_what_was_changed_after_a_lost_answer_is_another_report(student):
    page = student.open("/report")
    fill_report(page, "The heater is cold")

    def lose(route) -> None:
        route.fetch()
        route.abort()

    student.context.route("**/report-issue", lose)
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("What you typed is kept on this device.")).to_be_visible()
    student.context.unroute("**/report-issue")
    page.get_by_role("button", name="Back").click()
    page.get_by_label("Describe it").fill("The heater leaks")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send the report").click()
    assert sent_text(student, page) == "The heater leaks"


@pytest.mark.parametrize("changed", [False, True])
def test_after_a_reload_the_same_report_is_sent_once(student, changed: bool):
    page = student.open("/report")
    fill_report(page, "The lamp flickers")
    keys: list[str] = []

    def lose(route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        route.abort()

    student.context.route("**/report-issue", lose)
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("What you typed is kept on this device.")).to_be_visible()
    page.reload()
    expect(page.get_by_text(re.compile("We kept what you typed"))).to_be_visible()
    while not page.get_by_role("button", name="Send the report").is_visible():
        page.get_by_role("button", name="Continue").click()
    if changed:
        page.get_by_label("E-mail").fill("ada@campus.example")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("What you typed is kept on this device.")).to_be_visible()
    assert (keys[0] != keys[1]) == changed


def sent_text(student, page) -> str:
    """Return what the report says that the page tells to be sent."""
    expect(page.get_by_role("heading", name="Your report is sent")).to_be_visible()
    found = UUID.search(page.get_by_role("main").inner_text())
    assert found
    return student.server.call("GET", f"/issue-status/{found.group()}").json["description"]


def test_the_frame_is_accessible_before_the_campus_is_known(student):
    student.context.route("**/api/config", lambda route: route.abort())
    page = student.open("/track")
    expect(page.get_by_role("link", name="Quadrangle, Home")).to_be_visible()
    student.check_accessibility()


def test_an_id_of_nothing_is_told_so(student):
    page = student.open("/track?id=00000000-0000-4000-8000-000000000000")
    expect(page.get_by_role("main")).to_contain_text(
        re.compile("not found|no report|no issue", re.I)
    )
    student.check_accessibility()


def test_who_is_signed_in_need_not_say_who_they_are(student, caretaker):
    server, email = caretaker.server, f"ada-{new_id()[:8]}@campus.example"
    hired = server.hire(server.sign_in(), email, "student", "Ada")
    student.sign_in(email, hired["password"])
    page = student.open("/report")
    fill_report(page, "The projector hums.")
    expect(page.get_by_text("Filled in from your account.")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value(email)
    student.check_accessibility()
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="Your report is sent")).to_be_visible()
    found = UUID.search(page.get_by_role("main").inner_text())
    assert found
    path = f"/api/issues/{found.group()}"
    seen = server.call("GET", path, token=server.sign_in()).json
    issue = seen.get("issue", seen)
    assert (issue["reporterEmail"], issue["reporterName"]) == (email, "Ada")
