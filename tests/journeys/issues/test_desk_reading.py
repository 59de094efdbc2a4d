"""Staff reads: lists in an order, long texts, links, history, and what may be a duplicate."""

import re

import pytest
from playwright.sync_api import expect

from quadrangle.kernel.ids import new_id
from tests.journeys.conftest import PHONE
from tests.running import wait_for

WIDE = {"width": 1440, "height": 900}


def titles(page) -> list[str]:
    return page.locator(".issue-row .row-text").all_inner_texts()


def change(server, issue_id: str, **fields) -> None:
    answer = server.call("PATCH", f"/api/issues/{issue_id}", fields, token=server.sign_in())
    assert answer.status == 200, answer.body


def desk_of(place: str, **query: str) -> str:
    return (
        "/desk?location=" + place.replace(" ", "+") + "".join(f"&{k}={v}" for k, v in query.items())
    )


@pytest.mark.smoke
def test_the_list_is_sorted_by_due_and_by_priority_and_the_address_keeps_it(caretaker):
    server = caretaker.server
    place = f"Hall {new_id()[:8]}"
    slow = server.report(location=place, issueType="Infrastructure", description="Slow")
    server.report(location=place, issueType="Security", description="Soon")
    working = server.report(location=place, issueType="Network", description="Working")
    change(server, slow, priority="URGENT")
    change(server, working, status="IN_PROGRESS", priority="LOW")
    page = caretaker.open(desk_of(place))
    expect(page.locator(".issue-row")).to_have_count(3)
    assert titles(page) == ["Working", "Soon", "Slow"]
    page.get_by_label("Sort by").select_option("Due first")
    expect(page).to_have_url(re.compile("sort=due"))
    expect(page.locator(".issue-row").first).to_contain_text("Soon")
    assert titles(page) == ["Soon", "Working", "Slow"]
    page.get_by_label("Sort by").select_option("Priority")
    expect(page.locator(".issue-row").first).to_contain_text("Slow")
    assert titles(page) == ["Slow", "Soon", "Working"]
    page.reload()
    expect(page.get_by_label("Sort by")).to_have_value("priority")
    expect(page.locator(".issue-row").first).to_contain_text("Slow")
    caretaker.check_accessibility()


def test_a_new_report_comes_to_where_its_order_has_it(caretaker):
    server = caretaker.server
    place = f"Hall {new_id()[:8]}"
    server.report(location=place, issueType="Security", description="Soonest")
    server.report(location=place, issueType="Infrastructure", description="Latest")
    page = caretaker.page

    def newest(status: str):
        """What is newest is asked for by itself, to know what comes after it."""
        return page.expect_response(
            lambda answer: f"status={status}" in answer.url and "sort=" not in answer.url
        )

    with newest("OPEN"), newest("IN_PROGRESS"):
        caretaker.open(desk_of(place, sort="due"))
    expect(page.locator(".issue-row")).to_have_count(2)
    server.report(location=place, issueType="Network", description="Between")
    page.get_by_role("button", name="1 new report").click()
    expect(page.locator(".issue-row")).to_have_count(3)
    assert titles(page) == ["Soonest", "Between", "Latest"]


def test_urgent_and_own_reports_have_chips_with_counts(caretaker):
    server = caretaker.server
    place = f"Hall {new_id()[:8]}"
    token = server.sign_in()
    me = server.call("GET", "/api/accounts/me", token=token).json["accountId"]
    server.report(location=place, description="Plain")
    change(server, server.report(location=place, description="Pressing"), priority="URGENT")
    change(server, server.report(location=place, description="My own"), assigneeId=me)

    def counted() -> tuple[int, int]:
        query = "/api/issues/counts?location=" + place.replace(" ", "+")
        seen = server.call("GET", query, token=token).json
        return seen["urgent"], seen["mine"]

    wait_for(lambda: counted() == (1, 1), "the changes to be counted")
    page = caretaker.open(desk_of(place))
    urgent = page.get_by_role("button", name="Urgent 1")
    mine = page.get_by_role("button", name="Mine 1")
    expect(mine).to_be_visible()
    urgent.click()
    expect(page).to_have_url(re.compile("priority=URGENT"))
    expect(page.locator(".issue-row")).to_have_count(1)
    assert titles(page) == ["Pressing"]
    page.get_by_role("button", name="Urgent").click()
    mine.click()
    expect(page.locator(".issue-row")).to_contain_text(["My own"])
    page.get_by_role("button", name="Clear filters").click()
    expect(page).not_to_have_url(re.compile("assigneeId|priority"))


@pytest.mark.smoke
def test_suggested_duplicates_say_why(caretaker):
    server = caretaker.server
    place, kind = f"Hall {new_id()[:8]}", f"Kind {new_id()[:8]}"
    far = server.report(location="Library", issueType=kind, description="A greenish projector")
    server.report(location=place, description="Another matter")
    issue_id = server.report(location=place, issueType=kind, description="Projector greenish")
    token = server.sign_in()

    def known() -> bool:
        found = server.call("GET", f"/api/issues/{issue_id}/similar", token=token).json["similar"]
        return len(found) == 2

    wait_for(known, "the words to be found", 120)
    page = caretaker.open(f"/desk?issue={issue_id}")
    page.get_by_role("button", name="Mark as duplicate…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Same location, within two weeks")
    wanted = dialog.get_by_role("button", name="Same type; both say “Projector”, “greenish”")
    expect(wanted).to_be_visible()
    caretaker.check_accessibility()
    wanted.click()
    wait_for(
        lambda: (
            server.call("GET", f"/api/issues/{issue_id}", token=token).json["issue"]["duplicateOf"]
            == far
        ),
        "the link",
    )


def long_report(server) -> str:
    text = "It goes dark for some seconds and comes back greenish. " * 90
    issue_id = server.report(description=text[:4_990], name="Ada", email="ada@campus.example")
    token = server.sign_in()
    answer = server.call(
        "POST", f"/api/issues/{issue_id}/replies", {"text": "We come at noon"}, token=token
    )
    assert answer.status == 201
    return issue_id


def in_view(page, locator) -> bool:
    """Tell whether all of something is within the window."""
    box = locator.bounding_box()
    assert box is not None
    height = page.viewport_size["height"]
    return box["y"] >= 0 and box["y"] + box["height"] <= height


@pytest.mark.smoke
def test_a_long_text_leaves_status_and_conversation_in_reach(make_visitor):
    visitor = make_visitor(viewport=WIDE)
    visitor.sign_in()
    page = visitor.open(f"/desk?issue={long_report(visitor.server)}")
    show = page.get_by_role("button", name="Show all", exact=True)
    expect(show).to_be_visible()
    expect(page.get_by_text("We come at noon")).to_be_visible()
    assert in_view(page, page.get_by_role("heading", name="Conversation"))
    assert in_view(page, page.get_by_text("We come at noon"))
    show.click()
    expect(page.get_by_role("button", name="Show less")).to_have_attribute("aria-expanded", "true")
    resolved = page.locator(".status-choice button", has_text="Resolved")
    assert not in_view(page, page.get_by_role("heading", name="Conversation"))
    assert in_view(page, resolved), "the status stays in reach while the text is read"
    resolved.click()
    expect(resolved).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Show less").click()
    expect(show).to_be_visible()
    visitor.check_accessibility()


def test_on_a_phone_the_status_stays_in_reach_too(make_visitor):
    visitor = make_visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    visitor.sign_in()
    page = visitor.open(f"/desk?issue={long_report(visitor.server)}")
    page.get_by_role("button", name="Show all", exact=True).click()
    resolved = page.locator(".status-choice button", has_text="Resolved")
    expect(resolved).to_be_visible()
    assert in_view(page, resolved)
    resolved.click()
    expect(resolved).to_have_attribute("aria-pressed", "true")


@pytest.mark.smoke
def test_web_addresses_in_texts_are_links_and_nothing_else_is(caretaker):
    server = caretaker.server
    text = (
        "See https://example.org/a_(b)?x=1&y=2. (http://example.com/z), <https://example.net>! "
        "Not javascript:alert(1), ftp://example.org, https://user@example.org/, www.example.org, "
        "https://, a@campus.example; https://example.org/\u202egpj.exe\u202c "
        "https://good.example\u2044account.evil.example/x https://\u0430pple.example/ "
        + "\u202ehttps://example.com/nigol/moc.doog//:sptth\u202c "
        + "https://example.info/((("
        + ")" * 4000
    )
    issue_id = server.report(description=text)
    token = server.sign_in()
    server.call("POST", f"/api/issues/{issue_id}/replies", {"text": text}, token=token)
    wanted = [
        "https://example.org/a_(b)?x=1&y=2",
        "http://example.com/z",
        "https://example.net/",
        "https://example.org/",
        "https://example.com/nigol/moc.doog//:sptth",
        "https://example.info/((()))",
    ]
    for path, places in (
        (f"/desk?issue={issue_id}", (".detail-text", ".entry-text")),
        (f"/track?id={issue_id}", (".description", ".entry-text")),
    ):
        page = caretaker.open(path)
        for place in places:
            links = page.locator(f"{place} a")
            expect(links).to_have_count(len(wanted))
            assert [link.evaluate("a => a.href") for link in links.all()] == wanted
            for link in links.all():
                assert link.get_attribute("rel") == "noopener nofollow ugc"
            assert page.locator(place).text_content() == text
    caretaker.check_accessibility()


@pytest.mark.smoke
def test_history_is_folded_to_the_last_few(caretaker):
    server = caretaker.server
    issue_id = server.report()
    for n in range(4):
        change(server, issue_id, status="RESOLVED" if n % 2 else "IN_PROGRESS")
    page = caretaker.open(f"/desk?issue={issue_id}")
    history = page.locator(".history > li")
    expect(history).to_have_count(5)  # five would hide nothing worth a fold
    change(server, issue_id, priority="HIGH")
    page.reload()
    expect(history).to_have_count(4)
    expect(history.first).to_contain_text("priority")
    page.get_by_role("button", name="Show all 6 changes").click()
    expect(history).to_have_count(6)
    expect(history.last).to_contain_text("reported this")
    page.get_by_role("button", name="Show the last few").click()
    expect(history).to_have_count(4)


@pytest.mark.smoke
def test_ctrl_and_enter_send_replies_and_notes(caretaker):
    server = caretaker.server
    issue_id = server.report()
    page = caretaker.open(f"/desk?issue={issue_id}")
    for label, text in (("Your public reply", "At noon"), ("Your internal note", "Bring a ladder")):
        field = page.get_by_label(label)
        field.fill(text)
        field.press("Enter")
        field.press_sequentially("or later")
        field.press("Control+Enter")
        expect(page.locator(".entry-text", has_text=text)).to_be_visible()
        expect(field).to_have_value("")
    page = caretaker.open(f"/track?id={issue_id}")
    page.locator("#reply").fill("Thank you")
    page.locator("#reply").press("Control+Enter")
    expect(page.locator(".entry-text", has_text="Thank you")).to_be_visible()
    entries = server.call("GET", f"/api/issues/{issue_id}/conversation").json["entries"]
    assert [entry["text"] for entry in entries] == ["At noon\nor later", "Thank you"]


@pytest.mark.smoke
def test_offline_the_heading_is_that_of_the_rows(caretaker):
    server = caretaker.server
    place = f"Hall {new_id()[:8]}"
    server.report(location=place, description="Still to do")
    change(server, server.report(location=place, description="Over"), status="RESOLVED")
    page = caretaker.open(desk_of(place))
    heading = page.locator(".list-title")
    expect(page.locator(".issue-row")).to_contain_text(["Still to do"])
    caretaker.context.set_offline(True)
    page.get_by_role("button", name=re.compile("^Resolved")).first.click()
    expect(page.get_by_role("alert")).to_contain_text("this is still the one before")
    expect(heading).to_have_text("To do")
    expect(page.locator(".list-count")).to_have_text("1 report")
    expect(page.locator(".issue-row")).to_contain_text(["Still to do"])
    caretaker.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(heading).to_have_text("Resolved")
    expect(page.locator(".issue-row")).to_contain_text(["Over"])
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.smoke
def test_among_very_many_places_one_is_found_by_typing(caretaker):
    server = caretaker.server
    place = f"Hall {new_id()[:8]}"
    issue_id = server.report(location=place, description="Where is it?")
    server.report(location="Room 42", description="At another place")

    def many_places(route) -> None:
        answer = route.fetch()
        places = [f"Room {n}" for n in range(174)]
        route.fulfill(response=answer, json=answer.json() | {"locations": [place, *places]})

    caretaker.context.route("**/api/config", many_places)
    page = caretaker.open(f"{desk_of(place)}&issue={issue_id}")
    where = page.get_by_role("combobox", name="Location", exact=True)
    expect(where).to_have_value(place)
    where.fill("rom")
    where.press("Escape")
    where.blur()
    expect(where).to_have_value(place)  # half typed is not meant
    where.fill("172")
    expect(page.locator("[role=listbox] > li:visible")).to_have_text(["Room 172"])
    caretaker.check_accessibility()
    where.press("ArrowDown")
    where.press("Enter")
    expect(page.locator(".detail-place")).to_have_text("Room 172")
    wait_for(
        lambda: server.call("GET", f"/issue-status/{issue_id}").json["location"] == "Room 172",
        "the place",
    )
    finder = page.get_by_role("combobox", name="Find a location")
    finder.fill("room 42")
    page.locator("[role=listbox] > li:visible", has_text="Room 42").click()
    expect(page).to_have_url(re.compile("location=Room.42"))
    expect(page.locator(".issue-row .row-place").first).to_have_text("Room 42")
