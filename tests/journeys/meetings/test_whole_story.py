"""A meeting from the offered hour to what is taken home; its server is killed in between."""

import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, Visitor
from tests.running import RunningServer, wait_for

NEEDED = ("Xvnc", "bwrap", "xfce4-session", "ffmpeg")
MISSING = [name for name in NEEDED if shutil.which(name) is None]
pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(bool(MISSING), reason=f"programs of desktops are missing: {MISSING}"),
]


@pytest.fixture
def campus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server of its own, as this one is killed."""
    running = RunningServer(tmp_path_factory.mktemp("s")).start()
    yield running
    running.stop()


class Told:
    """The links of a meeting, and who has them."""

    def __init__(self, campus: RunningServer, workspace: str) -> None:
        admin = campus.sign_in()
        self.campus = campus
        self.tokens, self.passwords = {}, {}
        for role, name in (("teacher", "Dr Ada"), ("student", "Ben")):
            hired = campus.hire(admin, f"{role}@campus.example", role, name)
            self.passwords[role] = hired["password"]
            self.tokens[role] = campus.sign_in(f"{role}@campus.example", hired["password"])
        self.teacher_id = self._me("teacher")["accountId"]
        self.meeting = self._book(workspace)
        self.id = self.meeting["id"]

    def visitor(self, browser: Browser, role: str, **options: Any) -> Visitor:
        """Return somebody with a browser in which they are signed in."""
        visitor = Visitor(browser, self.campus, **options)
        visitor.sign_in(f"{role}@campus.example", self.passwords[role])
        return visitor

    def link(self, role: str) -> str:
        path = f"/api/meetings/{self.id}"
        return self.call(role, "GET", path)[f"{role}Link"]

    def call(self, role: str, method: str, path: str, body: Any = None) -> Any:
        answer = self.campus.call(method, path, body, token=self.tokens[role])
        assert answer.status < 300, answer.body
        return answer.json

    def _me(self, role: str) -> dict[str, Any]:
        return self.call(role, "GET", "/api/accounts/me")

    def _book(self, workspace: str) -> dict[str, Any]:
        """Publish an hour that begins in some minutes, and take it."""
        begins = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=2)
        day = f"{begins:%Y-%m-%d}"
        hours = {
            "timeZone": "UTC",
            "minutes": 30,
            "weekly": [],
            "extra": [{"date": day, "begins": f"{begins:%H:%M}", "ends": "24:00"}],
            "rules": {"bookingNotice": 0, "workspaces": [workspace]},
        }
        self.call("teacher", "PUT", "/api/meetings/hours", hours)
        path = f"/api/meetings/teachers/{self.teacher_id}/bookings"
        return self.call("student", "POST", path, {"startsAt": begins.isoformat()})


def enter(visitor: Visitor, link: str, view: str) -> Page:
    page = visitor.page
    page.goto(link)
    page.get_by_role("button", name="Launch my meeting").click(timeout=60_000)
    expect(page.locator(f"{view}[data-state=open]").first).to_be_visible(timeout=60_000)
    return page


def type_on(page: Page, whose: str, text: str) -> None:
    page.locator(whose).locator(".xterm").click()
    page.keyboard.type(text)


def shows(page: Page, whose: str, text: str) -> None:
    expect(page.locator(whose).locator(".xterm-rows")).to_contain_text(text)


OWN, THEIRS = "q-terminal:not([person])", "q-terminal[person]"


def test_from_the_offered_hour_to_what_is_taken_home(
    campus: RunningServer, browser: Browser, tmp_path: Path
):
    told = Told(campus, "terminal")
    teacher = told.visitor(browser, "teacher", viewport=DESKTOP)
    student = told.visitor(browser, "student", viewport=PHONE, accept_downloads=True)
    page = teacher.page
    page.goto(told.link("teacher"))
    page.locator("input[type=file]").set_input_files(
        {"name": "Exercise.txt", "mimeType": "text/plain", "buffer": b"What is 6 times 7?"}
    )
    expect(page.locator(".handout")).to_contain_text("Exercise.txt")
    teacher.check_accessibility()
    page = enter(teacher, told.link("teacher"), "q-terminal")
    its = enter(student, told.link("student"), "q-terminal")
    its.get_by_role("button", name="Files").click()
    expect(its.locator(".handout")).to_contain_text("On the desktops")
    student.check_accessibility()
    its.get_by_role("button", name="Close").click()
    type_on(its, OWN, "cat Files/Exercise.txt; echo $((6 * 7)) > 'Take home/answer.txt'\n")
    shows(its, OWN, "What is 6 times 7?")

    teacher_helps(page, its)
    its.reload()
    expect(its.locator("q-terminal[data-state=open]")).to_be_visible(timeout=30_000)
    campus.kill()
    campus.start()
    expect(its.locator("q-terminal[data-state=open]")).to_be_visible(timeout=60_000)
    its.wait_for_timeout(1000)
    expect(its.locator("q-terminal[data-state=open]")).to_be_visible(timeout=60_000)
    type_on(its, OWN, "echo still $kept > 'Take home/kept.txt'; echo wrote $((5 + 5))\n")
    shows(its, OWN, "wrote 10")

    page.get_by_role("button", name="End the meeting").click(timeout=60_000)
    page.get_by_role("alertdialog").get_by_role("button", name="End the meeting").click()
    expect(its.get_by_role("button", name=re.compile("^Fetch (your|the) files"))).to_be_visible(
        timeout=60_000
    )
    student.check_accessibility()
    found = taken_home(its, tmp_path / "take-home.zip")
    assert found == {"answer.txt": "42\n", "kept.txt": "still here\n"}
    note_is_shared(page, its)
    expect(page.get_by_role("table")).to_contain_text("Ben")
    expect(its.get_by_role("table")).not_to_contain_text("Dr Ada")
    teacher.check_accessibility()
    both_hear_of_the_files(campus)
    teacher.close()
    student.close()


def teacher_helps(page: Page, its: Page) -> None:
    """The teacher sees, is refused keyboard and mouse, asks again, is let in and sent back."""
    page.get_by_role("button", name="See the screen of Ben").click()
    shows(page, THEIRS, "What is 6 times 7?")
    type_on(page, THEIRS, "echo not $((1 + 1))\n")
    page.get_by_role("button", name="Ask for control").click()
    its.get_by_role("button", name="Not now").click()
    page.get_by_role("button", name="Ask for control").click()
    its.get_by_role("button", name="Allow").click()
    expect(page.get_by_text("You have control of the screen of Ben.")).to_be_visible()
    type_on(page, THEIRS, "echo let in $((2 + 2))\n")
    shows(its, OWN, "let in 4")
    its.locator("q-control").get_by_role("button", name="Take back").click()
    type_on(its, OWN, "echo mine $((3 + 3)); kept=here\n")
    shows(page, THEIRS, "mine 6")
    expect(its.locator(OWN)).not_to_contain_text("not 2")


def taken_home(page: Page, zipped: Path) -> dict[str, str]:
    """Fetch the zip and return what the files in it say, by their names."""
    with page.expect_download() as caught:
        page.get_by_role("button", name=re.compile("^Fetch (your|the) files")).click()
    caught.value.save_as(zipped)
    with zipfile.ZipFile(zipped) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def note_is_shared(teacher: Page, student: Page) -> None:
    teacher.get_by_label("What came of it").fill("Knows the answer.")
    teacher.get_by_label("Share it with Ben").check()
    teacher.get_by_role("button", name="Save the note").click()
    expect(teacher.get_by_text("The note is saved.")).to_be_visible()
    student.reload()
    expect(student.get_by_text("Knows the answer.")).to_be_visible()


def both_hear_of_the_files(campus: RunningServer) -> None:
    def mails() -> bool:
        answer = campus.call("GET", "/api/mail/outbox?limit=100", token=campus.sign_in())
        return json.dumps(answer.json).count("Your files: ") >= 2

    wait_for(mails, "the mails about the files")


def both_have_the_video(told: Told) -> None:
    """The recording becomes a video that both may watch, and nobody else."""
    listed = "/api/gallery/videos?search=meeting"

    def is_ready() -> bool:
        found = told.call("student", "GET", listed)["videos"]
        return [each["status"] for each in found] == ["ready"]

    wait_for(is_ready, "the recording among the videos", 120)
    (video,) = told.call("teacher", "GET", listed + "&mine=true")["videos"]
    assert video["title"].startswith("Meeting of Dr Ada and Ben, ")
    assert (video["visibility"], video["duration"] > 3) == ("shared", True)
    path = f"/api/gallery/videos/{video['id']}"
    assert told.campus.call("GET", path).status == 404
    wider = told.campus.call("PUT", path, {"visibility": "public"}, token=told.tokens["teacher"])
    assert (wider.status, "for the two of them" in wider.json["message"]) == (403, True)
    admin = told.campus.sign_in()
    assert told.campus.call("GET", listed, token=admin).json["videos"] == []


def test_a_desktop_is_recorded_once_both_agreed(
    campus: RunningServer, browser: Browser, tmp_path: Path
):
    told = Told(campus, "desktop")
    teacher = told.visitor(browser, "teacher", viewport=DESKTOP, accept_downloads=True)
    student = told.visitor(browser, "student", viewport=PHONE)
    page = enter(teacher, told.link("teacher"), "q-desktop")
    its = enter(student, told.link("student"), "q-desktop")
    page.get_by_role("button", name="Record").click()
    page.get_by_role("button", name="The one of Ben").click()
    expect(page.locator(".recorder-state")).to_contain_text("Waiting for Ben to agree")
    asked = its.locator(".recorder-state")
    expect(asked).to_contain_text("Dr Ada asks to record your desktop.")
    student.check_accessibility()
    its.get_by_role("button", name="Agree").click()
    for each, whose in ((page, "the desktop of Ben"), (its, "your desktop")):
        recorder = each.locator(".recorder-state")
        expect(recorder).to_contain_text(f"Recording {whose}", timeout=30_000)
    teacher.check_accessibility()
    its.wait_for_timeout(6000)
    its.get_by_role("button", name="Stop recording").click()
    for each in (page, its):
        recorder = each.locator(".recorder-state")
        expect(recorder).to_contain_text("The recording has ended.", timeout=30_000)
    page.get_by_role("button", name="End the meeting").click()
    page.get_by_role("alertdialog").get_by_role("button", name="End the meeting").click()
    expect(page.get_by_text("Nothing lay in the folder Take home")).to_be_visible(timeout=60_000)
    with page.expect_download() as caught:
        page.get_by_role("button", name="Fetch the recording of the desktop of Ben").click()
    film = tmp_path / "recording.mp4"
    caught.value.save_as(film)
    assert film.read_bytes()[4:8] == b"ftyp"
    assert film.stat().st_size > 10_000
    teacher.check_accessibility()
    both_have_the_video(told)
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Removed", exact=True)).to_be_visible()
    listed = "/api/gallery/videos?search=meeting"
    wait_for(lambda: not told.call("student", "GET", listed)["videos"], "the video removed", 30)
    teacher.close()
    student.close()
