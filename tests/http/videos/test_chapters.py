"""Chapters: given, read from the description, and slides that were found."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.http.videos.film import Uploader

SLIDES = ("white", "black", "white", "gray")
SLIDE_S = 8


@pytest.fixture(scope="module")
def slides(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A film of slides with boxes on them, which stand still in between."""
    path: Path = tmp_path_factory.mktemp("slides") / "slides.mp4"
    inputs: list[str] = []
    for number, colour in enumerate(SLIDES):
        box = f"drawbox=x={40 + 90 * number}:y=30:w=80:h=90:color=red:t=fill"
        picture = f"color=c={colour}:s=480x270:r=25:d={SLIDE_S},{box}"
        inputs += ["-f", "lavfi", "-i", picture]
    joined = "".join(f"[{n}:v]" for n in range(len(SLIDES))) + f"concat=n={len(SLIDES)}[v]"
    coded = ["-map", "[v]", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *inputs, "-filter_complex", joined]
    subprocess.run([*command, *coded, str(path)], check=True)
    return path.read_bytes()


@pytest.fixture(scope="module")
def video_id(ada: Uploader, slides: bytes) -> int:
    made = ada.upload(slides, title="Slides", visibility="public")
    ada.until(made, "ready")
    return made


def chapters_of(who: Uploader, video_id: int) -> dict[str, Any]:
    return who.http.get(f"/api/gallery/videos/{video_id}/chapters").json()


@pytest.mark.deep
def test_slides_and_chapters(ada: Uploader, ben: Uploader, video_id: int):
    found = chapters_of(ben, video_id)
    assert (found["chapters"], found["source"]) == ([], "none")
    assert found["slides"] == [8.0, 16.0, 24.0]
    assert "version" not in found
    described = {"description": "A talk.\n0:00 Begin\n0:08 – The axis\n(0:16) End\nSee 12:30"}
    path = f"/api/gallery/videos/{video_id}"
    assert ada.http.put(path, json=described).status_code == 200
    read = chapters_of(ben, video_id)
    assert read["source"] == "description"
    assert [each["title"] for each in read["chapters"]] == ["Begin", "The axis", "End"]
    given = [{"start": 12.5, "title": "Second"}, {"start": 0, "title": "First"}]
    put = {"chapters": given, "version": ""}
    assert ben.http.put(f"{path}/chapters", json=put).status_code == 403
    saved = ada.http.put(f"{path}/chapters", json=put).json()
    assert [each["title"] for each in saved["chapters"]] == ["First", "Second"]
    assert saved["source"] == "owner"
    assert ada.http.put(f"{path}/chapters", json=put).status_code == 409
    emptied = {"chapters": [], "version": saved["version"]}
    assert ada.http.put(f"{path}/chapters", json=emptied).json()["source"] == "description"
    wrong = {
        "chapters": [{"start": 99, "title": "Late"}, {"start": 1, "title": " "}],
        "version": "",
    }
    refused = ada.http.put(f"{path}/chapters", json=wrong)
    assert refused.status_code == 400
    fields = {error["field"] for error in refused.json()["errors"]}
    assert fields == {"chapters.0.start", "chapters.1.title"}
