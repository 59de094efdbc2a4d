"""How soon a film starts and goes on after a jump, in Debian's Chromium. There is no aim: it is
told to see changes. Nothing of the film is in the browser's memory where a jump lands."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from bench.ours import ADMIN
from bench.videos.campus import Campus
from tests.chromium import ARGUMENTS, CHROMIUM

ROUNDS = 5
_PATIENCE_MS = 20_000
# Each returns how many ms it is until time passes in the film; null when it never does.
_PASSES = """async (act, second, patience) => {
  const video = document.querySelector('video')
  const began = performance.now()
  act(video)
  while (video.seeking || video.currentTime < second + 0.05) {
    if (performance.now() - began > patience) return null
    await new Promise(done => setTimeout(done, 5))
  }
  return performance.now() - began
}"""
_STARTS = f"""(patience) => ({_PASSES})(
  () => document.querySelector('section.player button[aria-label="Play"]').click(), 0, patience)"""
_JUMPS = f"""([second, patience]) => ({_PASSES})(
  (video) => {{ video.currentTime = second }}, second, patience)"""
_PLAYED_FIRST_MS = 1_000


def run(campus: Campus, video_id: int, seconds: int) -> str:
    """Measure a film of so many `seconds`, a visitor for each round; return a section."""
    head = "### Playing in a browser\n\n"
    if CHROMIUM is None:
        return f"{head}Not measured. There is no Chromium: apt install chromium\n"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            _visit(browser, campus, video_id, seconds)  # what the browser makes once, it has then
            seen = [_visit(browser, campus, video_id, seconds) for _ in range(ROUNDS)]
        finally:
            browser.close()
    names = (
        "the page opened until Play can be pressed",
        "Play until time passes",
        "a jump, a second later, likewise",
    )
    lines = [
        f"| {name} | {_told(times)} |"
        for name, times in zip(names, zip(*seen, strict=True), strict=True)
    ]
    return f"{head}| a private film, over loopback | |\n|---|---|\n" + "\n".join(lines) + "\n"


def _told(times: Sequence[float | None]) -> str:
    came = [each for each in times if each is not None]
    median = f"{statistics.median(came):,.0f} ms" if came else "never"
    late = len(times) - len(came)
    return f"{median}, but {late} of {len(times)} did not come in time" if late else median


def _visit(browser: Any, campus: Campus, video_id: int, seconds: int) -> tuple[float | None, ...]:
    """Return how long three things take, in ms; None for what does not come."""
    context = browser.new_context(base_url=campus.base, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(_PATIENCE_MS)
    try:
        email, password = ADMIN
        context.request.post("/api/accounts/sign-in", data={"email": email, "password": password})
        page = context.new_page()
        page.goto(f"/video?id={video_id}", wait_until="commit")
        page.get_by_role("button", name="Play", exact=True).wait_for()
        opened = page.evaluate("performance.now()")
        starts = page.evaluate(_STARTS, _PATIENCE_MS)
        page.wait_for_timeout(_PLAYED_FIRST_MS)
        jumps = page.evaluate(_JUMPS, [seconds - 6, _PATIENCE_MS])
    finally:
        context.close()
    return opened, starts, jumps
