"""A room on a Jitsi server, which is played by a stand-in of its `external_api.js`."""

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.meetings.conftest import Person, Rig
from tests.running import wait_for

# What the page may use of the IFrame API, and nothing else.
STAND_IN = """
window.JitsiMeetExternalAPI = class {
  constructor(domain, options) {
    this.options = { domain, ...options };
    this.heard = {};
    const frame = document.createElement("iframe");
    frame.title = "Jitsi";
    options.parentNode.append(frame);
    this.frame = frame;
    window.jitsi = this;
    setTimeout(() => this.heard.videoConferenceJoined?.({}), 50);
  }
  addListener(event, listener) { this.heard[event] = listener; }
  dispose() { this.frame.remove(); this.disposed = true; }
};
"""


def enter(make_person, rig: Rig, body: str | None, token: str = "") -> Person:
    # the page of a real installation names the domain in its content security policy
    person = make_person(rig, "teacher", bypass_csp=True)

    def answer(route: Route) -> None:
        if body is None:
            route.abort()
        else:
            route.fulfill(body=body, content_type="text/javascript")

    person.page.route("https://meet.example/external_api.js", answer)
    query = f"parts=jitsi&id={rig.links['id']}&role=teacher" + (f"&token={token}" if token else "")
    person.page.goto(f"/rig/session?{query}#key=x")
    return person


@pytest.mark.smoke
def test_the_room_is_opened_with_name_and_token_and_left(terminal_rig: Rig, make_person):
    teacher = enter(make_person, terminal_rig, STAND_IN, token="a.b.c")
    teacher.page.wait_for_selector("q-jitsi-room[data-state=connected]")
    told = teacher.page.evaluate(
        "(({domain, roomName, jwt, userInfo}) => ({domain, roomName, jwt, userInfo}))"
        "(jitsi.options)"
    )
    assert told == {
        "domain": "meet.example",
        "roomName": terminal_rig.links["id"],
        "jwt": "a.b.c",
        "userInfo": {"displayName": "Ada Teacher"},
    }
    teacher.check_accessibility()
    teacher.page.evaluate("jitsi.heard.readyToClose()")
    expect(teacher.page.locator(".room-notice")).to_contain_text("You have left the video room.")
    assert teacher.page.evaluate("jitsi.disposed")
    teacher.press("Open it again")
    teacher.page.wait_for_selector("q-jitsi-room[data-state=connected]")


def test_a_server_without_tokens_gets_none(terminal_rig: Rig, make_person):
    teacher = enter(make_person, terminal_rig, STAND_IN)
    wait_for(lambda: teacher.page.evaluate("window.jitsi?.options.userInfo"), "the room")
    assert teacher.page.evaluate("jitsi.options.jwt") is None


def test_a_server_that_is_away_or_strange_is_said_to_be_so(terminal_rig: Rig, make_person):
    for body, words in ((None, "It cannot be reached."), ("1 + 1", "is no video room")):
        teacher = enter(make_person, terminal_rig, body)
        expect(teacher.page.locator(".room-notice")).to_contain_text(words)
        teacher.check_accessibility()
        expect(teacher.page.get_by_role("button", name="Open it again")).to_be_visible()
