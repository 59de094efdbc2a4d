"""Terminals in the page: one's own, and over the other one's shoulder."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE
from tests.journeys.meetings.conftest import Person, Rig


def shows(person: Person, whose: str, text: str) -> None:
    expect(person.desk(whose).locator(".xterm-rows")).to_contain_text(text)


def type_on(person: Person, whose: str, text: str) -> None:
    person.desk(whose).locator(".xterm").click()
    person.page.keyboard.type(text)


@pytest.mark.smoke
def test_a_terminal_is_typed_on_watched_and_helped_with(terminal_rig: Rig, make_person):
    student = make_person(terminal_rig, "student", viewport=PHONE)
    student.enter("desk,control")
    student.wait_for_desk()
    type_on(student, "student", "echo $((6 * 7)) Größe; printf '\\033[38;2;9;99;9mcolours\\n'\n")
    shows(student, "student", "42 Größe")
    student.check_accessibility()

    teacher = make_person(terminal_rig, "teacher", color_scheme="dark")
    teacher.enter("desk,control")
    teacher.wait_for_desk()
    teacher.press("See the screen of Bo Student")
    teacher.wait_for_desk("student")
    shows(teacher, "student", "42 Größe")
    type_on(teacher, "student", "echo not $((1 + 1))\n")
    teacher.press("Ask for control")
    student.press("Allow")
    teacher.expect_state("You have control of the screen of Bo Student.")
    type_on(teacher, "student", "echo let in $((2 + 2))\n")
    shows(student, "student", "let in 4")
    type_on(student, "student", "echo two hands\n")
    student.page.locator("q-terminal").get_by_role("button", name="Take back").click()
    type_on(student, "student", "echo mine $((3 + 3))\n")
    shows(teacher, "student", "mine 6")
    assert "not 2" not in student.desk().inner_text()
    assert "two hands" not in student.desk().inner_text()
    teacher.check_accessibility()


def test_a_reload_and_a_lost_connection_find_the_same_shell(terminal_rig: Rig, make_person):
    student = make_person(terminal_rig, "student")
    student.enter("desk")
    student.wait_for_desk()
    type_on(student, "student", "kept=here\n")
    student.page.reload()
    student.wait_for_desk()
    type_on(student, "student", "echo still $kept\n")
    shows(student, "student", "still here")
    terminal_rig.do("drop")
    student.wait_for_desk(state="again")
    student.wait_for_desk()
    type_on(student, "student", "echo and again $kept\n")
    shows(student, "student", "and again here")


def test_keys_that_phones_lack_and_a_way_out(terminal_rig: Rig, make_person):
    student = make_person(terminal_rig, "student", viewport=PHONE, has_touch=True, is_mobile=True)
    student.enter("desk")
    student.wait_for_desk()
    type_on(student, "student", "sleep 600\n")
    student.press("Keys")
    student.check_accessibility()
    student.press("Ctrl C")
    type_on(student, "student", "echo awake\n")
    shows(student, "student", "awake")
    student.page.keyboard.press("Control+Alt+Shift")
    expect(student.page.get_by_role("button", name="Keys")).to_be_focused()
