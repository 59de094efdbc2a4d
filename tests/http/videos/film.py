"""Uploads as clients make them, and what they upload."""

import base64
import subprocess
from pathlib import Path
from typing import Any

import httpx

from tests.running import Campus, RunningServer, wait_for

CHUNK = "application/offset+octet-stream"


def make_clip(folder: Path, seconds: int = 3, name: str = "clip.mp4") -> Path:
    """Make a film with sound."""
    path = folder / name
    picture = f"testsrc2=s=320x180:r=25:d={seconds}"
    subprocess.run(
        [
            *("ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", picture),
            *("-f", "lavfi", "-i", f"sine=d={seconds}", "-c:v", "libx264"),
            *("-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest", path),
        ],
        check=True,
    )
    return path


def make_talk(folder: Path, said: str, name: str = "talk.mp4") -> Path:
    """Make a film in which a voice says something. Needs espeak-ng."""
    path, voice = folder / name, folder / "voice.wav"
    subprocess.run(["espeak-ng", "-v", "en-gb", "-s", "140", "-w", voice, said], check=True)
    subprocess.run(
        [
            *("ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi"),
            *("-i", "testsrc2=s=320x180:r=25", "-i", voice, "-c:v", "libx264"),
            *("-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-shortest", path),
        ],
        check=True,
    )
    return path


def metadata(**fields: str) -> str:
    return ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in fields.items()
    )


class Uploader:
    """Somebody who uploads to a server."""

    def __init__(self, server: Campus, token: str) -> None:
        self.http = httpx.Client(
            base_url=server.base,
            headers={"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0"},
            timeout=30,
        )

    def announce(self, size: int, **fields: str) -> httpx.Response:
        headers = {"Upload-Length": str(size), "Upload-Metadata": metadata(**fields)}
        return self.http.post("/api/uploads", headers=headers)

    def begin(self, size: int, **fields: str) -> str:
        """Announce a file and return the address of its upload."""
        answer = self.announce(size, **fields)
        assert answer.status_code == 201, answer.text
        return str(answer.url.join(answer.headers["location"]).path)

    def send(self, path: str, data: bytes, at: int, **headers: str) -> httpx.Response:
        sent = {"Upload-Offset": str(at), "Content-Type": CHUNK, **headers}
        return self.http.patch(path, headers=sent, content=data)

    def offset(self, path: str) -> int:
        answer = self.http.head(path)
        assert answer.status_code == 200
        return int(answer.headers["upload-offset"])

    def upload(self, data: bytes, **fields: str) -> int:
        """Upload a file whole and return the number of its video."""
        path = self.begin(len(data), **fields)
        if data:
            assert self.send(path, data, 0).status_code == 204
        return self.http.get(path).json()["videoId"]

    def video(self, video_id: int) -> dict[str, Any]:
        return self.http.get(f"/api/gallery/videos/{video_id}").json()

    def until(self, video_id: int, *statuses: str) -> dict[str, Any]:
        """Wait until a video has one of these statuses."""

        def there() -> dict[str, Any] | None:
            video = self.video(video_id)
            return video if video["status"] in statuses else None

        return wait_for(there, f"a video that is {statuses}", 90)


def hired_as(server: RunningServer, admin: str, email: str, role: str) -> Uploader:
    """Have an account and be signed in with it."""
    person = server.hire(admin, email, role, email.split("@")[0].title())
    return Uploader(server, server.sign_in(email, person["password"]))
