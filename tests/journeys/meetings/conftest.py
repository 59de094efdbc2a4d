"""Two people in a meeting, each with a browser that has a camera and a microphone made up."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Playwright, expect

from tests.journeys.conftest import ARGUMENTS, CHROMIUM, DESKTOP, Visitor
from tests.rigs.running import Rig, terminal_rig
from tests.running import VISITED
from tests.xvnc import NO_XVNC, Xvnc, is_installed

__all__ = ["terminal_rig"]


@pytest.fixture(autouse=True)
def here() -> None:
    if VISITED:
        pytest.skip("these look at RFB streams and rooms of a rig, which one machine alone has")


MADE_UP = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--auto-select-desktop-capture-source=Entire screen",
    "--autoplay-policy=no-user-gesture-required",
]


class Person(Visitor):
    """One side of the meeting."""

    def __init__(self, browser: Browser, rig: Rig, role: str, **options: Any) -> None:
        super().__init__(browser, rig, **options)
        self.role = role
        self.rig = rig

    def enter(self, parts: str) -> None:
        """Open a page with these elements: desk, control, room, check."""
        links = self.rig.links
        query = f"view={self.rig.view}&parts={parts}&id={links['id']}&role={self.role}"
        self.page.goto(f"/rig/session?{query}#key={links['keys'][self.role]}")

    def desk(self, whose: str | None = None) -> Locator:
        return self.page.locator(f"#{whose or self.role}")

    def wait_for_desk(self, whose: str | None = None, state: str = "open") -> None:
        selector = f"#{whose or self.role}[data-state={state}]"
        self.page.wait_for_selector(selector, timeout=30_000)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def expect_state(self, text: str) -> None:
        """Wait until watching and helping stand so."""
        expect(self.page.locator(".control-state p")).to_have_text(text)

    def statistics(self) -> dict[str, float]:
        return self.page.evaluate("document.querySelector('q-room').statistics()")


@pytest.fixture(scope="session")
def media_browser(playwright: Playwright) -> Iterator[Browser]:
    expect.set_options(timeout=15_000)  # two browsers and two servers share the processors
    arguments = [*ARGUMENTS, *MADE_UP]
    launched = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
    yield launched
    launched.close()


@pytest.fixture(scope="module")
def desktops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Xvnc]]:
    if not is_installed():
        pytest.skip(NO_XVNC)
    made = {}
    for role in ("teacher", "student"):
        made[role] = Xvnc(tmp_path_factory.mktemp(role), "800x600").start()
    yield made
    for each in made.values():
        each.stop()


@pytest.fixture
def desktop_rig(desktops: dict[str, Xvnc], tmp_path: Path) -> Iterator[Rig]:
    sockets = (desktops[role].socket for role in ("teacher", "student"))
    rig = Rig(tmp_path, "desktop", *sockets)
    yield rig
    rig.stop()


@pytest.fixture
def make_person(media_browser: Browser) -> Iterator[Any]:
    people: list[Person] = []

    def make(rig: Rig, role: str, **options: Any) -> Person:
        people.append(Person(media_browser, rig, role, **{"viewport": DESKTOP, **options}))
        return people[-1]

    yield make
    for person in people:
        person.close()
