"""Desktops in the page: one's own, and over the other one's shoulder."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE
from tests.journeys.meetings.conftest import Person, Rig
from tests.running import wait_for
from tests.xvnc import Xvnc

# One pixel of the picture, as the page has it: [red, green, blue].
PIXEL = """([whose, x, y]) => {
  const canvas = document.querySelector(`#${whose} .desk-screen canvas`);
  return canvas ? [...canvas.getContext("2d").getImageData(x, y, 1, 1).data].slice(0, 3) : [];
}"""


@pytest.fixture
def typed(desktops: dict[str, Xvnc], tmp_path: Path) -> Iterator[Path]:
    """What was typed on the student's desktop, line by line, into a window that fills it."""
    path = tmp_path / "typed"
    shell = desktops["student"].run(
        *("xterm", "-geometry", "130x45+0+0", "-e", "sh", "-c", f"cat >> {path}")
    )
    wait_for(path.exists, "the terminal on the desktop")
    yield path
    shell.terminate()


def type_on(person: Person, whose: str, text: str) -> None:
    box = person.desk(whose).locator(".desk-screen canvas").bounding_box()
    assert box is not None
    person.page.mouse.click(box["x"] + box["width"] / 3, box["y"] + box["height"] / 3)
    person.page.keyboard.type(text + "\n")


def wait_for_line(path: Path, line: str) -> None:
    wait_for(lambda: line in path.read_text().split("\n"), f"{line!r} on the desktop")


def shows(page: Page, whose: str, colour: list[int]) -> None:
    wait_for(lambda: page.evaluate(PIXEL, [whose, 790, 590]) == colour, f"{colour} on the picture")


def test_the_picture_is_seen_and_what_is_typed_arrives(
    desktop_rig: Rig, desktops: dict[str, Xvnc], typed: Path, make_person
):
    student = make_person(desktop_rig, "student")
    student.enter("desk")
    student.wait_for_desk()
    for colour, name in (([255, 0, 0], "red"), ([0, 0, 255], "blue")):
        desktops["student"].ask("xsetroot", "-solid", name)
        shows(student.page, "student", colour)
    type_on(student, "student", "Hello, Welt: @{}")
    wait_for_line(typed, "Hello, Welt: @{}")
    expect(student.desk().locator(".desk-lag")).to_be_visible()
    student.check_accessibility()


@pytest.mark.smoke
def test_a_teacher_sees_is_refused_the_keyboard_asks_is_let_in_and_is_sent_back(
    desktop_rig: Rig, desktops: dict[str, Xvnc], typed: Path, make_person
):
    student = make_person(desktop_rig, "student")
    student.enter("desk,control")
    student.wait_for_desk()
    teacher = make_person(desktop_rig, "teacher", color_scheme="dark")
    teacher.enter("desk,control")
    teacher.press("See the screen of Bo Student")
    teacher.wait_for_desk("student")
    watching = student.page.locator(".desk-watcher", has_text="Ada Teacher is watching")
    expect(watching).to_be_visible()
    desktops["student"].ask("xsetroot", "-solid", "red")
    shows(teacher.page, "student", [255, 0, 0])

    type_on(teacher, "student", "not yet")
    type_on(student, "student", "mine")
    wait_for_line(typed, "mine")
    teacher.press("Ask for control")
    student.check_accessibility()
    teacher.check_accessibility()
    student.press("Allow")
    teacher.expect_state("You have control of the screen of Bo Student.")
    type_on(teacher, "student", "let me show you")
    wait_for_line(typed, "let me show you")
    type_on(student, "student", "two hands")

    # while a key is held down
    teacher.page.keyboard.down("Shift")
    student.page.locator("q-desktop").get_by_role("button", name="Take back").click()
    expect(student.page.locator(".desk-watcher[data-right=control]")).to_have_count(0)
    type_on(teacher, "student", "again")
    type_on(student, "student", "lower case")
    wait_for_line(typed, "lower case")
    assert typed.read_text().split("\n") == ["mine", "let me show you", "lower case", ""]
    teacher.press("Stop watching")
    expect(watching).to_have_count(0)
    expect(teacher.desk("student")).to_have_count(0)


def test_a_student_sees_the_teachers_desktop_while_it_is_offered(desktop_rig: Rig, make_person):
    teacher, student = (make_person(desktop_rig, role) for role in ("teacher", "student"))
    for person in (teacher, student):
        person.enter("desk,control")
        person.wait_for_desk()
    teacher.press("Show my screen to Bo Student")
    student.press("See the screen of Ada Teacher")
    student.wait_for_desk("teacher")
    expect(teacher.page.locator(".desk-watcher")).to_have_text("Bo Student is watching")
    expect(student.desk("teacher").get_by_text("You are watching")).to_be_visible()
    teacher.press("Stop showing my screen")
    expect(student.desk("teacher")).to_have_count(0)


def test_a_connection_that_breaks_off_is_opened_again_with_a_fresh_ticket(
    desktop_rig: Rig, typed: Path, make_person
):
    student = make_person(desktop_rig, "student")
    student.enter("desk")
    student.wait_for_desk()
    assert desktop_rig.do("drop")["seats"] == ["student:student"]
    student.wait_for_desk(state="again")
    student.wait_for_desk()
    type_on(student, "student", "back again")
    wait_for_line(typed, "back again")

    desktop_rig.do("down", on=True)
    desktop_rig.do("drop")
    notice = student.page.locator(".desk-notice")
    expect(notice).to_contain_text("We keep trying")
    expect(student.page.locator(".desk-frozen")).to_be_visible()
    desktop_rig.do("down", on=False)
    notice.get_by_role("button", name="Try now").click()
    student.wait_for_desk()
    expect(notice).to_be_hidden()


def test_the_end_of_the_meeting_is_said_and_nothing_is_tried_again(desktop_rig: Rig, make_person):
    teacher, student = (make_person(desktop_rig, role) for role in ("teacher", "student"))
    for person in (teacher, student):
        person.enter("desk")
        person.wait_for_desk()
    desktop_rig.do("end")
    for person in (teacher, student):
        person.wait_for_desk(state="over")
        expect(person.page.locator(".desk-notice")).to_contain_text("The meeting is over.")
    time.sleep(1)
    assert desktop_rig.do("look")["seats"] == []


def test_special_keys_the_clipboard_and_a_phones_keyboard(
    desktop_rig: Rig, desktops: dict[str, Xvnc], typed: Path, make_person
):
    student = make_person(desktop_rig, "student", viewport=PHONE, has_touch=True, is_mobile=True)
    student.enter("desk")
    student.wait_for_desk()
    page = student.page
    box = student.desk().locator(".desk-screen canvas").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 3, box["y"] + box["height"] / 3)
    student.press("Keys")
    page.get_by_label("Type here for the desktop").press_sequentially("Grüße, Ω")
    page.get_by_label("Type here for the desktop").press("Enter")
    student.check_accessibility()
    wait_for_line(typed, "Grüße, Ω")
    page.keyboard.press("Escape")

    student.press("Clipboard")
    page.get_by_label("Text").fill("from here: Größe Ω")
    student.press("Put it on the desktop")
    wait_for(lambda: desktops["student"].clipboard() == "from here: Größe Ω", "the clipboard")
    desktops["student"].copy("from there: naïve")
    student.press("Clipboard")
    expect(page.get_by_label("Text")).to_have_value("from there: naïve")
    student.check_accessibility()


def test_keys_lead_out_of_the_desktop(desktop_rig: Rig, make_person):
    student = make_person(desktop_rig, "student")
    student.enter("desk")
    student.wait_for_desk()
    student.page.locator(".desk-screen").focus()
    expect(student.page.locator(".desk-screen canvas")).to_be_focused()
    student.page.keyboard.press("Control+Alt+Shift")
    expect(student.page.get_by_role("button", name="Keys")).to_be_focused()
