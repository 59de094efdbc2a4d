"""Small films, made by ffmpeg, and a video that is ready to be watched."""

import base64
import shutil
import subprocess
import time
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import DESKTOP, Visitor
from tests.running import VISITED, Campus

NEEDED = ("ffmpeg", "ffprobe", "bwrap")
MISSING = [name for name in NEEDED if shutil.which(name) is None]
SECONDS = 14
PATIENCE_S = 300
CAPTIONS = """WEBVTT

00:00.000 --> 00:04.000
Today we look at rotation

00:04.000 --> 00:09.000
The axis stays where it is

00:09.000 --> 00:14.000
and every point moves on a circle
"""


@pytest.fixture(scope="session", autouse=True)
def here() -> None:
    """Of the session, so that nothing is made before it is known whether it can be."""
    if VISITED:
        pytest.skip("bytes go another way on AWS: tests/deployed/videos")
    if MISSING:
        pytest.skip(f"programs that make videos are missing: {MISSING}")


def make_film(path: Path, picture: str, seconds: int) -> Path:
    sound = f"sine=frequency=330:duration={seconds}"
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    inputs = ["-f", "lavfi", "-i", f"{picture}:duration={seconds}", "-f", "lavfi", "-i", sound]
    command = ["ffmpeg", "-v", "error", "-y", *inputs, *coded, str(path)]
    subprocess.run(command, check=True, timeout=120)
    return path


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film with sound that gets two qualities."""
    path = tmp_path_factory.mktemp("films") / "Optics_4.mp4"
    return make_film(path, "testsrc=size=640x360:rate=25", SECONDS)


@pytest.fixture(scope="session")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film whose first part is there well before the last."""
    path = tmp_path_factory.mktemp("films") / "long.mp4"
    return make_film(path, "testsrc2=size=960x540:rate=30", 40)


def encoded(**metadata: str) -> str:
    """The metadata of an upload as tus has it."""
    pairs = ((key, base64.b64encode(value.encode()).decode()) for key, value in metadata.items())
    return ",".join(f"{key} {value}" for key, value in pairs)


def upload(server: Campus, token: str, film: Path, **metadata: str) -> int:
    """Send a film as a program would and return the id of its video."""
    body = film.read_bytes()
    tus = {"Tus-Resumable": "1.0.0"}
    announced = {"Upload-Length": str(len(body)), "Upload-Metadata": encoded(**metadata)}
    begun = server.call("POST", "/api/uploads", b"", token=token, headers={**tus, **announced})
    assert begun.status == 201, begun.body
    path = f"/api/{begun.headers['location']}"
    piece = {**tus, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    sent = server.call("PATCH", path, body, token=token, headers=piece)
    assert sent.status == 204, sent.body
    return server.call("GET", path, token=token).json["videoId"]


def wait_for(server: Campus, token: str, video_id: int, status: str = "ready") -> dict[str, Any]:
    """Wait until a video is ready, or has failed as it should."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        video = server.call("GET", f"/api/gallery/videos/{video_id}", token=token).json
        if video["status"] in ("ready", "failed"):
            assert video["status"] == status, video
            return video
        time.sleep(0.5)
    raise AssertionError(f"video {video_id} did not become {status}")


@pytest.fixture(scope="session")
def lecture(server: Campus, film: Path) -> int:
    """A public video with captions that is ready; its id."""
    token = server.sign_in()
    video_id = upload(server, token, film, title="Rotation in the plane", visibility="public")
    wait_for(server, token, video_id)
    path = f"/api/gallery/videos/{video_id}/captions/en?label=English"
    headers = {"Content-Type": "text/vtt"}
    answer = server.call("PUT", path, CAPTIONS.encode(), token=token, headers=headers)
    assert answer.status == 200, answer.body
    return video_id


@pytest.fixture
def lecturer(server: Campus, make_visitor: Any) -> Visitor:
    """A teacher at a desk who has uploaded nothing yet."""
    email = f"{uuid.uuid4().hex}@campus.example"
    account = server.hire(server.sign_in(), email, "teacher", "Dr Ada")
    visitor = make_visitor(viewport=DESKTOP)
    visitor.sign_in(email, account["password"])
    return visitor


@pytest.fixture(scope="session")
def not_a_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("films") / "minutes.mp4"
    path.write_text("These are the minutes of a meeting, and no film.\n" * 40)
    return path


class Own:
    """An unlisted video of the administrator's, and what an owner does with it."""

    def __init__(self, server: Campus, token: str, video_id: int) -> None:
        self.video_id = video_id
        self._server, self._token = server, token
        self.key_before = self.key

    @property
    def _path(self) -> str:
        return f"/api/gallery/videos/{self.video_id}"

    @property
    def key(self) -> str:
        return self._server.call("GET", self._path, token=self._token).json["key"]

    def link(self) -> str:
        """Return where the newest of its links leads."""
        answer = self._server.call("GET", f"{self._path}/links", token=self._token)
        return f"/video?id={self.video_id}&key={answer.json['links'][0]['key']}"

    def _put(self, **values: str) -> None:
        answer = self._server.call("PUT", self._path, values, token=self._token)
        assert answer.status == 200, answer.body

    def end_grants(self) -> None:
        """Void every address of its media, and keep its link."""
        self._put(publish_at="2020-01-01T00:00:00Z")

    def make_private(self) -> None:
        self._put(visibility="private")


@pytest.fixture
def own(server: Campus, film: Path) -> Own:
    token = server.sign_in()
    video_id = upload(server, token, film, title="For the course", visibility="unlisted")
    wait_for(server, token, video_id)
    return Own(server, token, video_id)
