"""Clients that others wrote, against our server."""

import hashlib
import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tusclient.client import TusClient

from tests.http.videos.film import Uploader
from tests.running import RunningServer

ROOT = Path(__file__).parents[3]
HAS_NODE = bool(shutil.which("node")) and (ROOT / "node_modules/tus-js-client").is_dir()
needs_node = pytest.mark.skipif(not HAS_NODE, reason="no tus-js-client: make web installs it")


def arrived(server: RunningServer, uploader: Uploader, url: str) -> str:
    """Return the digest of what the server has of an upload that is whole."""
    video_id = uploader.http.get(url).json()["videoId"]
    key = uploader.video(video_id)["s3_key"].split("/")[1]
    return hashlib.sha256((server.data / "videos" / key / "original").read_bytes()).hexdigest()


def token_of(uploader: Uploader) -> str:
    return uploader.http.headers["authorization"].split()[1]


@needs_node
@pytest.mark.parametrize(("chunk", "break_at"), [(0, 0), (300_000, 0), (300_000, 700_000)])
def test_tus_js_client(
    server: RunningServer, ada: Uploader, tmp_path: Path, chunk: int, break_at: int
):
    data = os.urandom(2_000_000)
    (tmp_path / "noise.mp4").write_bytes(data)
    script = ROOT / "tests/http/videos/upload.mjs"
    arguments = [server.base + "/api/uploads", tmp_path / "noise.mp4", token_of(ada)]
    done = subprocess.run(
        ["node", script, *arguments, str(chunk), str(break_at)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert arrived(server, ada, done.stdout.strip()) == hashlib.sha256(data).hexdigest()


def test_tuspy(server: RunningServer, ada: Uploader):
    data = os.urandom(1_000_000)
    client = TusClient(server.base + "/api/uploads", {"Authorization": f"Bearer {token_of(ada)}"})
    metadata = {"title": "By tuspy"}
    first = client.uploader(
        file_stream=io.BytesIO(data), chunk_size=300_000, metadata=metadata, upload_checksum=True
    )
    first.upload_chunk()
    second = client.uploader(
        file_stream=io.BytesIO(data), chunk_size=300_000, url=first.url, upload_checksum=True
    )
    second.upload()
    assert arrived(server, ada, second.url) == hashlib.sha256(data).hexdigest()
