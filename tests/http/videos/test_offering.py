"""What an owner lets others take along, and which pages may hold the player."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.http.videos.film import Uploader, hired_as
from tests.running import RunningServer, wait_for

MOODLE, OTHER = "https://moodle.campus.example", "https://elsewhere.example"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("embedding")
    origins = f"{MOODLE},https://wiki.campus.example"
    running = RunningServer(
        folder, QUADRANGLE_EMBED_ORIGINS=origins, QUADRANGLE_TIME_ZONE="Europe/Amsterdam"
    ).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def ada(server: RunningServer) -> Uploader:
    return hired_as(server, server.sign_in(), "ada@campus.example", "teacher")


@pytest.fixture(scope="module")
def video_id(ada: Uploader, clip: bytes) -> int:
    made = ada.upload(clip, title="Optics", visibility="public")
    ada.until(made, "ready")
    return made


@pytest.fixture
def anyone(server: RunningServer) -> httpx.Client:
    return httpx.Client(base_url=server.base, timeout=30)


def offer(ada: Uploader, video_id: int, **said: Any) -> httpx.Response:
    return ada.http.put(f"/api/gallery/videos/{video_id}/offer", json=said)


def ancestors(answer: httpx.Response) -> str:
    policy = answer.headers["content-security-policy"].split(";")
    (found,) = [part for part in policy if part.strip().startswith("frame-ancestors")]
    return found.strip().removeprefix("frame-ancestors ")


def test_files_are_there_as_the_owner_allows(
    ada: Uploader, anyone: httpx.Client, video_id: int, tmp_path: Path
):
    path = f"/api/stream/{video_id}"
    sound = anyone.get(path).json()
    assert sound["filmFileUrl"] is None
    assert anyone.get(sound["audioFileUrl"]).status_code == 200
    assert anyone.get(sound["url"].replace("master.m3u8", "audio.m4a")).status_code == 403

    assert offer(ada, video_id, download="none").json()["download"] == "none"
    assert anyone.get(sound["audioFileUrl"]).status_code == 403
    none = anyone.get(path).json()
    assert (none["audioFileUrl"], none["filmFileUrl"]) == (None, None)
    for name in ("audio.m4a", "film.mp4"):
        assert anyone.get(none["url"].replace("master.m3u8", name)).status_code == 403
    assert ada.http.get(path).json()["audioFileUrl"] is not None

    offer(ada, video_id, download="film")

    def there() -> str | None:
        return anyone.get(path).json()["filmFileUrl"]

    film = anyone.get(wait_for(there, "the film as a file", 60))
    assert film.headers["content-type"] == "video/mp4"
    file = tmp_path / "film.mp4"
    file.write_bytes(film.content)
    told = subprocess.run(
        [
            "ffprobe",
            "-v",
            "error",
            "-show_entries",
            "stream=codec_type,duration,start_time",
            "-of",
            "csv=p=0",
            file,
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    offer(ada, video_id, download="sound")
    again = anyone.get(path).json()["audioFileUrl"]
    assert anyone.get(again).status_code == 200
    assert anyone.get(again.replace("audio.m4a", "film.mp4")).status_code == 403
    kinds = {line.split(",")[0]: [float(n) for n in line.split(",")[1:]] for line in told}
    assert kinds["video"] == pytest.approx([0.0, 3.0], abs=0.1)
    assert kinds["audio"] == pytest.approx([0.0, 3.0], abs=0.1)


def test_a_film_cut_later_has_a_file_of_its_own(ada: Uploader, clip: bytes):
    made = ada.upload(clip, title="Cut")
    offer(ada, made, download="film")
    ada.until(made, "ready")
    keep = [{"from": 0.5, "to": 2}]
    assert ada.http.put(f"/api/gallery/videos/{made}/film", json={"keep": keep}).status_code == 200
    wait_for(lambda: not ada.video(made)["being_edited"], "a new film", 60)
    assert ada.http.get(f"/api/stream/{made}").json()["filmFileUrl"]


def test_pages_may_hold_the_player_as_setting_and_owner_say(
    ada: Uploader, anyone: httpx.Client, video_id: int
):
    page = f"/embed/{video_id}"
    assert ancestors(anyone.get(page)) == "'none'"
    assert anyone.get(page).headers["x-frame-options"] == "DENY"
    assert offer(ada, video_id, embed=True).json()["embed"] is True
    shown = anyone.get(page)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert ancestors(shown) == f"{MOODLE} https://wiki.campus.example"
    assert "x-frame-options" not in shown.headers
    offer(ada, video_id, embed_origins=[MOODLE + "/"])
    assert ancestors(anyone.get(page)) == MOODLE
    for wrong in (OTHER, "moodle", "https://x.example; script-src *", "javascript:alert(1)"):
        assert offer(ada, video_id, embed_origins=[wrong]).status_code == 400, wrong
    offer(ada, video_id, embed=False)
    assert ancestors(anyone.get(page)) == "'none'"


def test_what_nobody_may_see_no_page_may_hold(ada: Uploader, anyone: httpx.Client, clip: bytes):
    made = ada.upload(clip, title="Private")
    ada.until(made, "ready")
    offer(ada, made, embed=True)
    assert ancestors(anyone.get(f"/embed/{made}")) == "'none'"
    assert ancestors(ada.http.get(f"/embed/{made}")) == "'none'"  # a frame has no sign-in
    path = f"/api/gallery/videos/{made}/links"
    for said in ({}, {"password": "rotation"}):
        link = ada.http.post(path, json=said).json()
        answer = anyone.get(f"/embed/{made}", params={"key": link["key"]})
        assert ancestors(answer).startswith(MOODLE)
        ada.http.delete(f"{path}/{link['id']}")
        answer = anyone.get(f"/embed/{made}", params={"key": link["key"]})
        assert ancestors(answer) == "'none'"


@pytest.mark.parametrize("name", ["999999", "x", "", "1/2", "../my-videos"])
def test_an_address_of_no_video_is_a_page_that_nobody_holds(anyone: httpx.Client, name: str):
    answer = anyone.get(f"/embed/{name}")
    assert ancestors(answer) == "'none'"


def test_options_are_told(anyone: httpx.Client):
    told = anyone.get("/api/gallery/options").json()
    assert told["time_zone"] == "Europe/Amsterdam"
    assert MOODLE in told["embed_origins"]
