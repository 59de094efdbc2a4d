"""People and courses are chosen while a film is sent; a course changed meanwhile is told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE, Visitor
from tests.journeys.videos.conftest import PATIENCE_S
from tests.journeys.videos.test_courses import Person, ada, ben, edit, films, hire, seated
from tests.journeys.videos.test_upload_and_watch import choose

__all__ = ["ada", "ben", "films", "hire", "seated"]


def make_course(teacher: Visitor, person: Person, title: str, **values: Any) -> dict[str, Any]:
    body = {"title": title, **values}
    made = teacher.server.call("POST", "/api/courses", body, token=person.token)
    assert made.status == 201, made.body
    return made.json


@pytest.mark.deep
def test_people_and_courses_are_chosen_at_upload(
    seated: Callable[..., Visitor], ada: Person, ben: Person, film: Path
):
    teacher = seated(ada, viewport=PHONE, has_touch=True, is_mobile=True)
    course = make_course(teacher, ada, "Waves")
    page = teacher.open("/upload")
    choose(page, film)
    page.get_by_label("Who sees it").select_option("People and courses")
    page.get_by_label("People", exact=True).fill(ben.email)
    page.get_by_label("Waves").check()  # what was typed counts
    expect(page.get_by_role("button", name=f"Take {ben.email} off")).to_be_visible()
    teacher.check_accessibility()
    expect(page.locator(".upload-saved")).to_have_text("Saved.", timeout=PATIENCE_S * 1000)
    expect(page.locator(".upload-line")).to_have_text("Ready to watch.", timeout=PATIENCE_S * 1000)
    inside = teacher.server.call("GET", f"/api/courses/{course['id']}", token=ada.token).json
    (item,) = inside["items"]
    shown = f"/api/gallery/videos/{item['video']['id']}"
    assert teacher.server.call("GET", shown, token=ben.token).status == 200


@pytest.mark.deep
def test_a_course_changed_meanwhile_is_told_and_saved_again(
    seated: Callable[..., Visitor], ada: Person
):
    teacher = seated(ada, viewport=DESKTOP)
    course = make_course(teacher, ada, "Optics", description="Light")
    path = f"/api/courses/{course['id']}"
    page = teacher.open(f"/course?id={course['id']}")
    page.get_by_role("button", name="Edit").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title").fill("Optics I")
    changed = {"title": "Light and lenses", "description": "Light, and more"}
    assert teacher.server.call("PUT", path, changed, token=ada.token).status == 200
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("Somebody changed this meanwhile to: Light and lenses.")
    expect(dialog.get_by_label("What it is about")).to_have_value("Light, and more")
    teacher.check_accessibility()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Optics I")
    kept = teacher.server.call("GET", path, token=ada.token).json
    assert (kept["title"], kept["description"]) == ("Optics I", "Light, and more")


@pytest.mark.deep
def test_a_course_gets_another_teacher_and_is_handed_over(
    seated: Callable[..., Visitor], ada: Person, hire: Callable[[str, str], Person]
):
    teacher, other = seated(ada, viewport=DESKTOP), hire("teacher", "Dr Cyd")
    course = make_course(teacher, ada, "Acoustics")
    page = teacher.open(f"/course?id={course['id']}")
    page.get_by_label("Add a teacher").fill(other.email)
    page.get_by_label("Add a teacher").press("Enter")
    expect(page.get_by_text("by Dr Ada, Dr Cyd")).to_be_visible()
    expect(page.get_by_role("button", name="Take Dr Cyd off")).to_be_visible()
    teacher.check_accessibility()
    page.get_by_role("button", name="Hand it over").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("To whom").fill(other.email)
    teacher.check_accessibility()
    dialog.get_by_role("button", name="Hand it over").click()
    expect(page).to_have_url(f"{teacher.server.base}/courses")
    kept = teacher.server.call("GET", f"/api/courses/{course['id']}", token=other.token).json
    assert (kept["owner_name"], kept["other_teachers"]) == ("Dr Cyd", [])


@pytest.mark.deep
def test_a_list_of_people_changed_meanwhile_is_joined(
    seated: Callable[..., Visitor],
    ada: Person,
    ben: Person,
    hire: Callable[[str, str], Person],
    films: list[int],
):
    teacher, cyd = seated(ada, viewport=DESKTOP), hire("student", "Cyd")
    path = f"/api/gallery/videos/{films[0]}/sharing"
    body = {"people": [ben.email], "courses": []}
    assert teacher.server.call("PUT", path, body, token=ada.token).status == 200
    dialog = edit(teacher.page, films[0])
    dialog.get_by_label("Who sees it").select_option("People and courses")
    dialog.get_by_role("button", name="Take Ben Okri off").click()
    body = {"people": [ben.email, cyd.email], "courses": []}
    assert teacher.server.call("PUT", path, body, token=ada.token).status == 200
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("added Cyd.")
    expect(dialog.get_by_role("button", name="Take Cyd off")).to_be_visible()
    expect(dialog.get_by_role("button", name="Take Ben Okri off")).to_be_hidden()
    teacher.check_accessibility()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    people = teacher.server.call("GET", path, token=ada.token).json["people"]
    assert [each["name"] for each in people] == ["Cyd"]


@pytest.mark.deep
def test_staff_finds_a_course_and_hands_it_on(
    seated: Callable[..., Visitor], ada: Person, hire: Callable[[str, str], Person]
):
    staff, other = seated(hire("staff", "Fay"), viewport=PHONE), hire("teacher", "Dr Dan")
    make_course(staff, ada, "Zymurgy")
    page = staff.open("/courses")
    expect(page.get_by_role("link", name="Mine")).to_be_visible()
    expect(page.get_by_role("link", name="Zymurgy")).to_have_count(0)
    page.get_by_role("link", name="Everybody’s").click()
    page.get_by_role("link", name="Zymurgy").click()
    expect(page.get_by_role("heading", name="Teachers")).to_be_visible()
    expect(page.get_by_role("list", name="Teachers").get_by_text("Dr Ada")).to_be_visible()
    expect(page.get_by_role("heading", name="Members")).to_have_count(0)
    staff.check_accessibility()
    page.get_by_role("button", name="Hand it over").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("To whom").fill("nobody@campus.example")
    dialog.get_by_role("button", name="Hand it over").click()
    expect(dialog.get_by_role("alert")).to_contain_text("nobody@campus.example")
    dialog.get_by_label("To whom").fill(other.email)
    dialog.get_by_role("button", name="Hand it over").click()
    expect(page.get_by_text("by Dr Dan")).to_be_visible()
