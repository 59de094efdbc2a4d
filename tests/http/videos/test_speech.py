"""What is said in a film becomes captions, by itself and when it is asked for."""

import importlib.util
import shutil
from typing import Any

import pytest

from tests.http.videos.film import Uploader, make_talk
from tests.running import wait_for

SAID = (
    "Today we look at the rotation of a rigid body. The axis stays where it is, "
    "and every point moves on a circle."
)
WRITTEN = b"WEBVTT\n\n00:01.000 --> 00:02.000\nWritten by hand\n"
needs_extra = pytest.mark.skipif(
    importlib.util.find_spec("faster_whisper") is None or shutil.which("espeak-ng") is None,
    reason="the extra “captions” (make captions) or espeak-ng is not installed",
)


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_talk(tmp_path_factory.mktemp("talk"), SAID).read_bytes()


@pytest.fixture(scope="module")
def video_id(ada: Uploader, clip: bytes) -> int:
    made = ada.upload(clip, title="A tone", visibility="public")
    ada.until(made, "ready")
    return made


def captions_of(who: Uploader, video_id: int) -> dict[str, Any]:
    return who.http.get(f"/api/gallery/videos/{video_id}/captions").json()


def heard(who: Uploader, video_id: int) -> dict[str, Any]:
    """Wait until nobody listens any more, and return what is there."""

    def over() -> dict[str, Any] | None:
        found = captions_of(who, video_id)
        done = found["captions"] or found["speech"]["state"] == "failed"
        return found if done else None

    return wait_for(over, "captions that a model wrote", 120)


@pytest.mark.deep
@needs_extra
def test_a_film_gets_captions_that_say_they_are_automatic(ada: Uploader, talk: bytes):
    video_id = ada.upload(talk, title="Rigid bodies", visibility="public")
    ada.until(video_id, "ready")
    (caption,) = heard(ada, video_id)["captions"]
    assert (caption["language"], caption["label"], caption["automatic"]) == ("en", "English", True)
    text = " ".join(ada.http.get(caption["url"]).text.lower().split())
    assert "rotation" in text
    assert "circle" in text
    path = f"/api/gallery/videos/{video_id}"
    lines = ada.http.get(f"{path}/captions/en").json()
    assert (lines["automatic"], lines["mended"]) == (True, False)
    edit = {"version": lines["version"], "cues": lines["cues"]}
    saved = ada.http.put(f"{path}/captions/en/cues", json=edit).json()
    assert (saved["automatic"], saved["mended"]) == (True, True)
    (caption,) = captions_of(ada, video_id)["captions"]
    assert (caption["automatic"], caption["mended"]) == (True, True)
    asked = ada.http.post(f"{path}/speech", json={"language": "de"})
    assert asked.status_code == 400, asked.text
    written = ada.http.put(f"{path}/captions/en", content=WRITTEN).json()
    assert written["automatic"] is False
    assert len(captions_of(ada, video_id)["captions"]) == 1
    assert ada.http.post(f"{path}/speech", json={}).status_code == 409
    assert ada.http.delete(f"{path}/captions/en").status_code == 204
    assert ada.http.post(f"{path}/speech", json={}).status_code == 202
    assert captions_of(ada, video_id)["speech"]["state"] in ("waiting", "working")
    assert heard(ada, video_id)["captions"][0]["automatic"] is True


@pytest.mark.deep
@needs_extra
def test_a_film_in_which_nobody_speaks_says_so(ada: Uploader, video_id: int):
    found = heard(ada, video_id)
    assert found["speech"]["failure"] == "No speech was heard in this video."
    path = f"/api/gallery/videos/{video_id}/speech"
    assert ada.http.delete(path).status_code == 204
    assert ada.http.delete(path).status_code == 404


def test_only_the_owner_asks(ada: Uploader, ben: Uploader, video_id: int):
    path = f"/api/gallery/videos/{video_id}/speech"
    assert ben.http.post(path, json={}).status_code == 403
    assert ben.http.delete(path).status_code == 403
    assert ada.http.post(path, json={"language": "no language"}).status_code == 400
    assert "speech" not in captions_of(ben, video_id)
    assert captions_of(ada, video_id)["speech"]["usual"] == "en"
