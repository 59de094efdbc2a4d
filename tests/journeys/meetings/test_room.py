"""The video room of our own: two browsers see and hear each other, and type."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE
from tests.journeys.meetings.conftest import Person, Rig
from tests.running import wait_for

CONNECTED = "q-room[data-state=connected]"


def come_in(make_person, rig: Rig, **student) -> tuple[Person, Person]:
    people = make_person(rig, "teacher"), make_person(rig, "student", **student)
    for person in people:
        person.enter("room")
    for person in people:
        person.page.wait_for_selector(CONNECTED, timeout=30_000)
    return people


def sees_and_hears(person: Person) -> None:
    """Frames go on arriving, and the other one's level moves."""
    before = person.statistics()["frames"]
    wait_for(lambda: person.statistics()["frames"] > before + 5, "frames of the other one")
    wait_for(lambda: person.statistics()["level"] > 0.2, "the other one's level")


def say(person: Person, text: str) -> None:
    person.page.get_by_label("Message", exact=True).fill(text)
    person.page.keyboard.press("Enter")


@pytest.mark.smoke
def test_both_see_and_hear_each_other(terminal_rig: Rig, make_person):
    people = come_in(make_person, terminal_rig, viewport=PHONE, has_touch=True, is_mobile=True)
    for person in people:
        sees_and_hears(person)
        wait_for(lambda person=person: person.statistics()["ownLevel"] > 0.2, "one's own level")
        person.check_accessibility()


def test_both_type_and_a_closed_chat_counts(terminal_rig: Rig, make_person):
    teacher, student = come_in(make_person, terminal_rig)
    teacher.press("Chat")
    say(teacher, "Hello <b>Bo</b>")
    student.page.get_by_role("button", name="Chat, 1 new message").click()
    expect(student.page.locator(".chat-text")).to_have_text("Hello <b>Bo</b>")
    say(student, "Hello Ada")
    expect(teacher.page.locator(".chat-text")).to_have_text(["Hello <b>Bo</b>", "Hello Ada"])
    student.check_accessibility()
    student.page.reload()
    student.press("Chat")
    expect(student.page.locator(".chat-text")).to_have_text(["Hello <b>Bo</b>", "Hello Ada"])


def test_what_is_switched_off_is_shown_to_the_other_one(terminal_rig: Rig, make_person):
    teacher, student = come_in(make_person, terminal_rig)
    theirs = teacher.page.locator(".room-theirs")
    expect(theirs).to_be_visible()
    student.press("Mute the microphone")
    student.press("Switch the camera off")
    expect(teacher.page.get_by_text("Bo Student is muted")).to_be_attached()
    expect(teacher.page.locator(".room-silent")).to_be_visible()
    expect(theirs).not_to_be_visible()
    wait_for(lambda: teacher.statistics()["level"] == 0, "silence")
    student.press("Switch the microphone on")
    student.press("Switch the camera on")
    expect(theirs).to_be_visible()
    sees_and_hears(teacher)


def test_a_screen_is_shared_and_no_longer(terminal_rig: Rig, make_person):
    teacher, student = come_in(make_person, terminal_rig)
    student.press("Share a screen")
    screen = teacher.page.locator(".room-screen")
    expect(screen).to_be_visible()
    wait_for(lambda: screen.evaluate("video => video.videoWidth") > 0, "the picture of the screen")
    expect(teacher.page.locator(".room-theirs")).to_be_visible()
    student.press("Stop sharing")
    expect(screen).not_to_be_visible()
    sees_and_hears(teacher)


def test_a_reload_finds_back(terminal_rig: Rig, make_person):
    teacher, student = come_in(make_person, terminal_rig)
    for person in (student, teacher):
        person.page.reload()
        for each in (teacher, student):
            each.page.wait_for_selector(CONNECTED, timeout=30_000)
            sees_and_hears(each)


def test_who_goes_is_told_of_and_who_comes_back_is_met(terminal_rig: Rig, make_person):
    teacher, student = come_in(make_person, terminal_rig)
    student.page.goto("about:blank")
    expect(teacher.page.locator(".room-notice")).to_contain_text(
        "Bo Student is not in the room yet."
    )
    student.enter("room")
    for person in (teacher, student):
        person.page.wait_for_selector(CONNECTED, timeout=30_000)
        sees_and_hears(person)


def test_a_second_window_takes_over_and_the_first_can_take_it_back(terminal_rig: Rig, make_person):
    teacher, student = come_in(make_person, terminal_rig)
    second = make_person(terminal_rig, "student")
    second.enter("room")
    second.page.wait_for_selector(CONNECTED, timeout=30_000)
    expect(student.page.locator(".room-notice")).to_contain_text("open in another window")
    student.press("Use it here")
    student.page.wait_for_selector(CONNECTED, timeout=30_000)
    sees_and_hears(student)
    sees_and_hears(teacher)


def test_a_server_that_is_away_ends_no_conversation_and_the_chat_waits(
    terminal_rig: Rig, make_person
):
    teacher, student = come_in(make_person, terminal_rig)
    terminal_rig.do("down", on=True)
    student.press("Chat")
    say(student, "Do you hear me?")
    sees_and_hears(teacher)
    assert student.page.locator(CONNECTED).count() == 1
    terminal_rig.do("down", on=False)
    teacher.press("Chat")
    expect(teacher.page.locator(".chat-text")).to_have_text("Do you hear me?")


def test_without_permission_one_still_sees_and_hears(terminal_rig: Rig, make_person):
    teacher = make_person(terminal_rig, "teacher")
    student = make_person(terminal_rig, "student")
    refuse = (
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', '%s') }"
    )
    student.page.add_init_script(refuse % "NotAllowedError")
    for person in (teacher, student):
        person.enter("room")
    for person in (teacher, student):
        person.page.wait_for_selector(CONNECTED, timeout=30_000)
    sees_and_hears(student)
    expect(student.page.locator(".room-complaint")).to_contain_text("was told not to give")
    student.check_accessibility()


def test_camera_and_microphone_are_tried_before_the_meeting(terminal_rig: Rig, make_person):
    student = make_person(terminal_rig, "student")
    student.enter("check")
    page = student.page
    student.check_accessibility()
    student.press("Check camera and microphone")
    picture = page.locator(".check-picture")
    wait_for(lambda: picture.evaluate("video => video.videoWidth") > 0, "a picture")
    wait_for(lambda: page.locator(".level > .on").count() > 0, "bars that move")
    page.get_by_label("Microphone").select_option(index=1)
    chosen = page.evaluate("JSON.parse(localStorage['quadrangle.meeting-devices']).microphone")
    assert chosen == page.get_by_label("Microphone").input_value()
    student.check_accessibility()
