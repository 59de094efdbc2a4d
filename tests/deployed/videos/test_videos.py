"""Upload, queue, ready, stream, delete: through CloudFront, gateway, functions and queue, with the
worker on this machine."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from quadrangle.machine.videos.jail import lacking
from tests.aws.videos.studio import digest
from tests.deployed.stack import POSTGRES, PREFIX, Stack
from tests.http.videos.film import make_clip
from tests.running import VISITED, Campus, wait_for
from tests.standin.server import REGION, ROOT

pytestmark = pytest.mark.skipif(not POSTGRES, reason="no PostgreSQL, and so no videos")


@pytest.fixture
def worker(stack: Stack, tmp_path: Path):
    """A worker by the package that machines fetch; this machine is in no group."""
    if missing := lacking():
        pytest.skip(missing)
    told = stack.standin.client("lambda").get_function_configuration(
        FunctionName=f"{PREFIX}videos-http"
    )["Environment"]["Variables"]
    key, secret = stack.standin.credentials
    environment = {
        **{name: value for name, value in told.items() if "VIDEO" in name and value},
        "QUADRANGLE_VIDEO_WORK": str(tmp_path),
        "AWS_ENDPOINT_URL": stack.standin.url,
        "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_DEFAULT_REGION": REGION,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "dist" / "worker"),
    }
    command = [sys.executable, "-s", "-m", "quadrangle.hosts.workers.videos"]
    running = subprocess.Popen(command, env=environment, cwd=tmp_path)
    yield running
    running.terminate()
    assert running.wait(30) == 0


def someone(token: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=VISITED, headers=headers, timeout=60)


def waiting(stack: Stack) -> int:
    sqs = stack.standin.client("sqs")
    url = sqs.get_queue_url(QueueName=f"{PREFIX}video-turns")["QueueUrl"]
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(map(int, found.values()))


def begun(ada: httpx.Client, film: bytes) -> str:
    """Announce a film and send it; return the address of its upload."""
    asked = {"size": len(film), "title": "Rotation", "visibility": "public"}
    answer = ada.post("/api/uploads", json=asked)
    assert answer.status_code == 201, answer.text
    path = f"/api/uploads/{answer.json()['uploadId']}"
    named = {"parts": [{"number": 1, "checksum": digest(film)}]}
    (signed,) = ada.post(f"{path}/parts", json=named).json()["parts"]
    sent = httpx.put(signed["url"], headers=signed["headers"], content=film)
    assert sent.status_code == 200, sent.text
    return path


def test_a_film_goes_all_its_way(
    campus: Campus, stack: Stack, tmp_path: Path, request: pytest.FixtureRequest
):
    film = make_clip(tmp_path).read_bytes()
    staff = campus.sign_in()
    person = campus.hire(staff, f"ada-{time.time_ns()}@campus.example", "teacher", "Ada")
    token = campus.sign_in(person["email"], person["password"])
    with someone(token) as ada, someone("") as anyone:
        assert anyone.get("/api/gallery/health").json()["runtime"] == "lambda"
        assert "videos" in anyone.get("/api/config").json()["services"]
        upload = begun(ada, film)
        video_id = ada.post(f"{upload}/complete", json={}).json()["videoId"]
        video = f"/api/gallery/videos/{video_id}"
        assert ada.get(video).json()["status"] == "uploaded"
        assert waiting(stack) == 1

        request.getfixturevalue("worker")
        wait_for(lambda: ada.get(video).json()["status"] == "ready", "a film that is ready", 120)
        wait_for(lambda: waiting(stack) == 0, "a queue with no calls")

        shown = anyone.get(f"/api/stream/{video_id}").json()
        master = anyone.get(shown["url"])
        assert master.status_code == 200, master.text
        playlist = urljoin(shown["url"], re.findall(r"^(?!#)\S+", master.text, re.M)[0])
        segment = re.findall(r"^(?!#)\S+", anyone.get(playlist).text, re.M)[0]
        assert anyone.get(urljoin(playlist, segment)).headers["content-type"] == "video/iso.segment"
        assert httpx.get(shown["url"]).status_code == 403
        poster = ada.get(video).json()["thumbnail_url"]
        assert httpx.get(poster).content[:2] == b"\xff\xd8"

        assert ada.delete(video).json() == {"message": "Video deleted"}
        assert ada.get(video).status_code == 404
        assert anyone.get(shown["url"]).status_code == 403  # S3 says so of what is not there
        bucket = stack.outputs()["VideosBucket"]
        listed = stack.standin.client("s3").list_objects_v2(Bucket=bucket)
        assert [each["Key"] for each in listed["Contents"]] == ["worker/worker.zip"]
