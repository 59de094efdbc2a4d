"""A teacher shares videos with people and in a course; who may sees them, and nobody else does."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Visitor
from tests.journeys.videos.conftest import upload, wait_for
from tests.journeys.videos.player_steps import play
from tests.running import Campus


class Person(msgspec.Struct, frozen=True):
    email: str
    password: str
    token: str


@pytest.fixture(scope="session")
def hire(server: Campus) -> Callable[[str, str], Person]:
    def hired(role: str, name: str) -> Person:
        email = f"{uuid.uuid4().hex[:12]}@campus.example"
        password = server.hire(server.sign_in(), email, role, name)["password"]
        return Person(email, password, server.sign_in(email, password))

    return hired


@pytest.fixture
def seated(make_visitor: Any) -> Callable[..., Visitor]:
    def sit(person: Person, **options: Any) -> Visitor:
        visitor = make_visitor(**options)
        visitor.sign_in(person.email, person.password)
        return visitor

    return sit


@pytest.fixture(scope="session")
def ada(hire: Callable[[str, str], Person]) -> Person:
    return hire("teacher", "Dr Ada")


@pytest.fixture(scope="session")
def ben(hire: Callable[[str, str], Person]) -> Person:
    return hire("student", "Ben Okri")


@pytest.fixture(scope="session")
def films(server: Campus, ada: Person, film: Path) -> list[int]:
    """Two private videos of the teacher's."""
    made = [upload(server, ada.token, film, title=title) for title in ("Levers", "Gyroscopes")]
    for video_id in made:
        wait_for(server, ada.token, video_id)
    return made


def edit(page: Page, video_id: int) -> Any:
    page.goto(f"/my-videos?edit={video_id}")
    return page.get_by_role("dialog")


@pytest.mark.deep
def test_a_video_is_shared_with_somebody_and_taken_back(
    seated: Callable[..., Visitor], ada: Person, ben: Person, films: list[int]
):
    teacher = seated(ada, viewport=DESKTOP)
    student = seated(ben, viewport=PHONE, has_touch=True, is_mobile=True)
    dialog = edit(teacher.page, films[0])
    dialog.get_by_label("Who sees it").select_option("People and courses")
    address = dialog.get_by_label("People", exact=True)
    address.fill("nobody@campus.example")
    address.press("Enter")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("nobody@campus.example")
    teacher.check_accessibility()
    dialog.get_by_role("button", name="Take nobody@campus.example off").click()
    address.fill(ben.email)  # what was typed and not added counts too
    dialog.get_by_role("button", name="Save").click()
    row = teacher.page.locator(f".mine-row[data-id='{films[0]}']")
    expect(row).to_contain_text("People and courses")

    page = student.open("/watch")
    page.get_by_role("link", name="Levers").click()
    play(page)
    student.check_accessibility()

    dialog = edit(teacher.page, films[0])
    dialog.get_by_role("button", name="Take Ben Okri off").click()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    page.reload()
    expect(page.get_by_role("heading", name="This video is not here")).to_be_visible()
    student.open("/watch")
    expect(page.get_by_role("heading", level=1)).to_have_text("Watch")
    expect(page.get_by_role("link", name="Levers")).to_have_count(0)


@pytest.mark.smoke
def test_a_course_is_made_arranged_and_followed(
    seated: Callable[..., Visitor], ada: Person, ben: Person, films: list[int]
):
    teacher = seated(ada, viewport=DESKTOP)
    address = make_course(teacher, ben)
    assert address.startswith(teacher.server.base + "/course?id=")
    student = seated(ben, viewport=PHONE, has_touch=True, is_mobile=True)
    page = student.open("/watch")
    page.get_by_role("link", name="Courses").click()
    expect(page).to_have_url(student.server.base + "/courses")
    page.get_by_role("link", name="Mechanics").click()
    expect(page.get_by_text("0 of 2 seen")).to_be_visible()
    student.check_accessibility()
    page.get_by_role("link", name="Start").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gyroscopes")
    beside = page.get_by_role("navigation", name="The course")
    expect(beside).to_contain_text("Part 1 of 2")
    play(page)
    page.evaluate("() => { const v = document.querySelector('video'); v.currentTime = v.duration }")
    expect(beside).to_contain_text("Next in the course")
    student.check_accessibility()
    beside.get_by_role("link", name="Next in the course").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Levers")
    beside.get_by_role("link", name="Mechanics").click()
    expect(page.get_by_text("1 of 2 seen")).to_be_visible()
    page.get_by_label("Levers: seen").check()
    expect(page.get_by_text("2 of 2 seen")).to_be_visible()
    page.get_by_role("button", name="Subscribe").click()
    page.get_by_role("button", name="Make my address").click()
    expect(page.get_by_role("dialog").locator("code")).to_contain_text("/podcast/")
    student.check_accessibility()

    teacher.page.goto(address)
    expect(teacher.page.get_by_text("0 of 2 seen")).to_be_visible()
    # nobody subscribes to what they put there themselves
    expect(teacher.page.get_by_role("button", name="Subscribe")).to_have_count(0)
    teacher.page.get_by_role("button", name="Take Ben Okri off").click()
    expect(teacher.page.get_by_text("Nobody is a member yet.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="This course is not here")).to_be_visible()


def make_course(teacher: Visitor, member: Person) -> str:
    """Have a teacher make a course of both films, the later one first, by keys; return its
    address."""
    page = teacher.open("/courses")
    page.get_by_role("button", name="New course").first.click()
    page.get_by_label("Title").fill("Mechanics")
    teacher.check_accessibility()
    page.get_by_role("button", name="Make the course").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mechanics")
    page.get_by_role("button", name="Add videos").click()
    page.get_by_role("dialog").get_by_label("Levers").check()
    page.get_by_role("dialog").get_by_label("Gyroscopes").check()
    page.get_by_role("button", name="Add them").click()
    items = page.locator(".course-item h2")
    expect(items).to_have_count(2)
    expect(items).to_have_text(["Gyroscopes", "Levers"])  # as they are listed: newest first
    page.get_by_role("button", name="Change the order").press("Enter")
    page.get_by_role("button", name="Move Levers up").press("Enter")
    expect(items).to_have_text(["Levers", "Gyroscopes"])
    # it cannot go further up: the keys stay on its row
    expect(page.get_by_role("button", name="Move Levers down")).to_be_focused()
    page.keyboard.press("Enter")
    expect(items).to_have_text(["Gyroscopes", "Levers"])
    teacher.check_accessibility()
    page.get_by_role("button", name="Done").click()
    page.get_by_label("Add a member").fill(member.email)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Ben Okri", exact=True)).to_be_visible()
    teacher.check_accessibility()
    return page.url


PASTE = """(text) => {
  const clipboardData = new DataTransfer()
  clipboardData.setData("text/plain", text)
  const pasted = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })
  document.activeElement.dispatchEvent(pasted)
}"""


@pytest.mark.deep
def test_a_list_of_members_is_pasted_at_once(
    seated: Callable[..., Visitor], hire: Callable[[str, str], Person], ada: Person
):
    people = [hire("student", name) for name in ("Cleo Pa", "Dan Vo", "Eve Li")]
    made = {"title": "Statics"}
    course = seated(ada).server.call("POST", "/api/courses", made, token=ada.token).json["id"]
    teacher = seated(ada, viewport=DESKTOP)
    page = teacher.open(f"/course?id={course}")
    field = page.get_by_label("Add a member")
    field.focus()
    cleo, dan, eve = (person.email for person in people)
    page.evaluate(PASTE, f"Cleo Pa <{cleo}>;\n{dan.upper()}\tnobody@campus.example")
    refused = page.get_by_role("alert").filter(has_text="nobody@campus.example")
    expect(refused).to_be_visible()
    expect(field).to_have_value("nobody@campus.example")
    members = page.get_by_role("list", name="Members").get_by_role("listitem")
    expect(members).to_have_count(2)
    teacher.check_accessibility()
    field.fill(f"{eve}, {dan}")  # who is one already stays one
    field.press("Enter")
    expect(members).to_have_count(3)
    expect(field).to_have_value("")
    page.reload()
    expect(members).to_contain_text(["Cleo Pa", "Dan Vo", "Eve Li"])


@pytest.mark.deep
def test_addresses_are_found_among_names_and_signs(seated: Callable[..., Visitor], ada: Person):
    made = {"title": "Optics"}
    course = seated(ada).server.call("POST", "/api/courses", made, token=ada.token).json["id"]
    page = seated(ada, viewport=DESKTOP).open(f"/course?id={course}")
    field = page.get_by_label("Add a member")
    asked: list[str] = []

    def noted(route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        asked.append(route.request.post_data_json["email"])
        route.fulfill(status=400, json={"message": "Nobody is added by this test."})

    page.route("**/members", noted)
    for pasted in (
        '"User, Uri" <u@x.example>; "Alpha, Ann" <A@x.example>',
        "Uri User\tu@x.example\tFaculty 2\nAnn Alpha\ta@x.example\tFaculty 3",
        "(u@x.example), 'a@x.example'",
        "mailto:u@x.example?subject=Hi; <mailto:a@x.example>.",
        "'u@x.example' <u@x.example>, “Ann” <a@x.example>: u@x.example",
    ):
        field.fill("")
        asked.clear()
        field.focus()
        page.evaluate(PASTE, pasted)
        expect(field).to_have_value("u@x.example,a@x.example")  # as they were refused
        assert asked == ["u@x.example", "a@x.example"], pasted
    field.fill("o'brien@x.example, b@nowhere")  # what was meant to be one stays to be mended
    asked.clear()
    field.press("Enter")
    expect(field).to_have_value("o'brien@x.example,b@nowhere")
    assert asked == ["o'brien@x.example"]
    field.fill("Uri User")
    field.press("Enter")
    expect(page.get_by_role("status").filter(has_text="address")).to_have_count(1)
    expect(field).to_have_value("Uri User")
    assert asked == ["o'brien@x.example"]


@pytest.mark.deep
def test_the_gallery_is_narrowed_and_says_when_nothing_fits(
    seated: Callable[..., Visitor], ada: Person, films: list[int]
):
    teacher = seated(ada, viewport=DESKTOP)
    page = teacher.open("/watch?mine=true")
    expect(page.get_by_role("link", name="Levers")).to_be_visible()
    page.get_by_text("Filter and sort").click()
    page.get_by_label("Sorted by").select_option("Oldest first")
    expect(page.locator(".video-card h2")).to_have_text(["Levers", "Gyroscopes"])
    teacher.check_accessibility()
    page.get_by_label("Length").select_option("30 min and more")
    expect(page.get_by_text("No video fits all of these filters.")).to_be_visible()
    expect(page).to_have_url(f"{teacher.server.base}/watch?mine=true&sort=oldest&length=long")
    teacher.check_accessibility()
    page.reload()
    page.get_by_role("link", name="30 min and more: take this filter away").click()
    expect(page.locator(".video-card h2")).to_have_count(2)
