"""Videos when processes are killed, and when they are deleted while something is done with them."""

import contextlib
import hashlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.http.videos.film import CHUNK, Uploader, make_clip
from tests.running import RunningServer, wait_for

pytestmark = pytest.mark.deep


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    running = RunningServer(tmp_path).start()
    yield running
    running.end()


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """One that is busy with for a while."""
    return make_clip(tmp_path_factory.mktemp("film"), 90).read_bytes()


def busy_with(data: Path) -> list[str]:
    """Return the programs that work on files of an installation."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if command[0].endswith((b"bwrap", b"ffmpeg")) and str(data).encode() in b" ".join(command):
            found.append(command[0].decode())
    return found


def folder_of(server: RunningServer, uploader: Uploader, video_id: int) -> Path:
    return server.data / "videos" / uploader.video(video_id)["s3_key"].split("/")[1]


def begun(uploader: Uploader, video_id: int) -> int:
    """Wait until a good part of a video is processed; return the percent."""

    def percent() -> int:
        video = uploader.video(video_id)
        assert video["status"] in ("uploaded", "processing"), video
        return video["progress"]["percent"] >= 20 and video["progress"]["percent"]

    return wait_for(percent, "a part of the film", 120)


def test_an_upload_goes_on_after_a_kill_with_the_same_bytes(server: RunningServer):
    data = os.urandom(20_000_000)
    uploader = Uploader(server, server.sign_in())
    path = uploader.begin(len(data), title="Noise")

    def slowly() -> Iterator[bytes]:
        for place in range(0, len(data), 100_000):
            yield data[place : place + 100_000]
            time.sleep(0.02)

    def send() -> None:
        headers = {"Upload-Offset": "0", "Content-Type": CHUNK}
        with contextlib.suppress(httpx.HTTPError):
            uploader.http.patch(path, headers=headers, content=slowly())

    sending = threading.Thread(target=send)
    sending.start()
    time.sleep(1.5)
    server.kill()
    sending.join()
    server.start()
    again = Uploader(server, server.sign_in())
    offset = again.offset(path)
    assert 0 < offset < len(data)
    assert again.send(path, data[offset:], offset).status_code == 204
    video_id = again.http.get(path).json()["videoId"]
    original = folder_of(server, again, video_id) / "original"
    assert hashlib.sha256(original.read_bytes()).digest() == hashlib.sha256(data).digest()
    assert again.http.get("/videos?mine=true").json()["pagination"]["total"] == 1


def test_a_film_is_made_once_after_a_kill(server: RunningServer, film: bytes):
    uploader = Uploader(server, server.sign_in())
    video_id = uploader.upload(film, title="Killed")
    begun(uploader, video_id)
    folder = folder_of(server, uploader, video_id)
    server.kill()
    wait_for(lambda: not busy_with(server.data), "the end of the programs", 10)
    server.start()
    again = Uploader(server, server.sign_in())
    made = wait_for(
        lambda: (v := again.video(video_id))["status"] == "ready" and v, "the film", 150
    )
    assert made["duration"] == pytest.approx(90, abs=0.5)
    assert len(list(folder.glob("r-*"))) == 1
    url = again.http.get(f"/api/stream/{video_id}").json()["url"]
    assert again.http.get(url).status_code == 200


def test_a_film_deleted_while_it_is_made_leaves_nothing(server: RunningServer, film: bytes):
    token = server.sign_in()
    uploader = Uploader(server, token)
    video_id = uploader.upload(film, title="Deleted")
    folder = folder_of(server, uploader, video_id)
    begun(uploader, video_id)
    assert busy_with(server.data)
    assert uploader.http.delete(f"/api/gallery/videos/{video_id}").status_code == 200
    wait_for(lambda: not busy_with(server.data), "the end of the programs", 5)
    wait_for(lambda: not folder.exists(), "the end of the files", 5)
    assert uploader.http.get(f"/api/gallery/videos/{video_id}").status_code == 404
    assert server.call("GET", "/api/jobs/dead", token=token).json["count"] == 0
    assert list((server.data / "videos").iterdir()) == []
