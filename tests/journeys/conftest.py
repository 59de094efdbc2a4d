"""A real browser before a real server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from tests.chromium import ARGUMENTS, CHROMIUM
from tests.running import ADMIN_EMAIL, ADMIN_PASSWORD, VISITED, Campus, RunningServer

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


def smoke(value: str) -> Any:
    """A value that makes its test one of those that run on every change."""
    return pytest.param(value, marks=pytest.mark.smoke)


def deep(value: str) -> Any:
    """A value that leaves its test to `make test-deep`, whatever its other values are."""
    return pytest.param(value, marks=pytest.mark.deep)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campus]:
    expect.set_options(timeout=15_000)  # two browsers and two servers share the processors
    if VISITED:
        # where no server keeps a line open, pages look for news every ten seconds
        expect.set_options(timeout=30_000)
        yield Campus(VISITED)
        return
    # passkeys belong to a host name: an address of numbers cannot have any
    folder = tmp_path_factory.mktemp("journeys")
    running = RunningServer(folder, host_name="localhost", QUADRANGLE_SIGN_UP="open").start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver of every browser: a process can have one only."""
    if CHROMIUM is None:
        pytest.skip("no Chromium: apt install chromium, as `make test` does when run as root")
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield launched
    launched.close()


class Visitor:
    """Somebody with a browser. Faults of scripts and refused resources fail the test."""

    def __init__(self, browser: Browser, server: Campus, **options) -> None:
        self.server = server
        self.context: BrowserContext = browser.new_context(
            base_url=server.base, reduced_motion="reduce", **options
        )
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", self._on_fault)
        self.page.on("console", self._on_console)

    def _on_fault(self, error) -> None:
        # The browser's own word for a page that wants no transition, as we ask for less motion.
        if "ViewTransition opt-in disabled" not in str(error):
            self.faults.append(str(error))

    def _on_console(self, message) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.faults.append(message.text)

    def open(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def sign_in(self, email: str = ADMIN_EMAIL, password: str = ADMIN_PASSWORD) -> None:
        answer = self.context.request.post(
            "/api/accounts/sign-in", data={"email": email, "password": password}
        )
        assert answer.ok, answer.text()

    def check_accessibility(self) -> None:
        """Fail on any violation axe finds on the page as it is now."""
        if not AXE.exists():
            pytest.skip("axe is not there: Node.js is needed to install it")
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("() => axe.run()")
        told = [
            f"{v['id']}: {v['help']}\n  " + "\n  ".join(n["html"][:200] for n in v["nodes"][:4])
            for v in found["violations"]
        ]
        assert not told, "\n".join(told)

    def close(self) -> None:
        self.context.close()
        assert not self.faults, self.faults


@pytest.fixture
def make_visitor(browser: Browser, server: Campus):
    visitors: list[Visitor] = []

    def make(**options) -> Visitor:
        visitors.append(Visitor(browser, server, **options))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.close()


@pytest.fixture
def student(make_visitor) -> Visitor:
    """Somebody with a phone."""
    return make_visitor(viewport=PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def caretaker(make_visitor) -> Visitor:
    """Staff at a desk, signed in."""
    visitor = make_visitor(viewport=DESKTOP)
    visitor.sign_in()
    return visitor
