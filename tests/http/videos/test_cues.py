"""Captions edited line by line, taken home, and found by what is said."""

import pytest

from tests.http.videos.film import Uploader

VTT = b"""WEBVTT

00:00:00.000 --> 00:00:01.000 align:start
Today: <i>rotation</i> &amp; <b>a &lt; b</b>

00:00:01.000 --> 00:00:02.500
The axis stays
where it is
"""
LINES = [
    {"start": 1.0, "end": 2.0, "text": "A precessing <i>axis</i> & more", "settings": ""},
    {"start": 0.25, "end": 0.75, "text": "First\nof all", "settings": "align:start"},
]


@pytest.fixture(scope="module")
def video_id(ada: Uploader, clip: bytes) -> int:
    made = ada.upload(clip, title="Spinning tops", visibility="public")
    ada.until(made, "ready")
    return made


def test_lines_are_edited_by_whoever_had_the_latest(ada: Uploader, ben: Uploader, video_id: int):
    path = f"/api/gallery/videos/{video_id}/captions/en"
    assert ada.http.put(f"{path}?label=English", content=VTT).status_code == 200
    shown = ben.http.get(path).json()
    assert (shown["language"], shown["label"], shown["automatic"]) == ("en", "English", False)
    assert shown["cues"][0] == {
        "start": 0.0,
        "end": 1.0,
        "text": "Today: <i>rotation</i> & <b>a < b</b>",
        "settings": "align:start",
    }
    assert shown["cues"][1]["text"] == "The axis stays\nwhere it is"
    edit = {"version": shown["version"], "cues": LINES}
    assert ben.http.put(f"{path}/cues", json=edit).status_code == 403
    saved = ada.http.put(f"{path}/cues", json=edit)
    assert saved.status_code == 200, saved.text
    assert [cue["start"] for cue in saved.json()["cues"]] == [0.25, 1.0]
    assert saved.json()["label"] == "English"
    late = ada.http.put(f"{path}/cues", json=edit)
    assert late.status_code == 409
    assert "not saved" in late.json()["message"]
    assert ada.http.get(path).json() == saved.json()


def test_captions_are_begun_with_no_file(ada: Uploader, video_id: int):
    path = f"/api/gallery/videos/{video_id}/captions/de"
    assert ada.http.get(path).status_code == 404
    cues = [{"start": 0, "end": 1, "text": "Heute"}]
    assert ada.http.put(f"{path}/cues", json={"version": "x", "cues": cues}).status_code == 409
    made = ada.http.put(f"{path}/cues", json={"version": "", "cues": cues})
    assert made.json()["label"] == "Deutsch"
    assert ada.http.delete(path).status_code == 204


def test_lines_that_cannot_be_kept_are_named(ada: Uploader, video_id: int):
    path = f"/api/gallery/videos/{video_id}/captions/fr/cues"
    wrong = [{"start": 2, "end": 1, "text": "x"}, {"start": 0, "end": 1, "text": " <i></i> "}]
    answer = ada.http.put(path, json={"version": "", "cues": wrong})
    assert answer.status_code == 400
    fields = {error["field"] for error in answer.json()["errors"]}
    assert fields == {"cues.0.end", "cues.1.text"}
    assert ada.http.put(path, json={"version": "", "cues": []}).status_code == 400
    long = [{"start": 0, "end": 1, "text": "&" * 500}]  # each is &amp; in the file
    answer = ada.http.put(path, json={"version": "", "cues": long})
    assert answer.json()["errors"][0]["field"] == "cues.0.text"


def test_a_file_with_a_very_long_line_is_refused_and_says_where(ada: Uploader, video_id: int):
    path = f"/api/gallery/videos/{video_id}/captions/it"
    file = "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "x" * 2000 + "\n"
    assert ada.http.put(path, content=file.encode()).status_code == 200
    answer = ada.http.put(path, content=(file.rstrip() + "y\n").encode())
    assert answer.status_code == 400
    assert "00:00:01.000" in answer.json()["errors"][0]["message"]
    kept = ada.http.get(path).json()["cues"][0]["text"]
    assert kept == "x" * 2000
    ada.http.delete(path)


@pytest.mark.parametrize(
    ("kind", "begins"),
    [
        (
            "vtt",
            "WEBVTT\n\n00:00:00.000 --> 00:00:01.000 align:start\nToday: <i>rotation</i> &amp;",
        ),
        ("srt", "1\n00:00:00,000 --> 00:00:01,000\nToday: <i>rotation</i> & <b>a < b</b>\n\n2\n"),
    ],
)
def test_captions_are_taken_home(ada: Uploader, video_id: int, kind: str, begins: str):
    path = f"/api/gallery/videos/{video_id}/captions/en"
    assert ada.http.put(path, content=VTT).status_code == 200
    file = ada.http.get(f"{path}/file?format={kind}")
    assert file.text.startswith(begins)
    assert f'filename="video-{video_id}.en.{kind}"' in file.headers["content-disposition"]
    assert ada.http.get(f"{path}/file?format=exe").status_code == 400


def test_a_search_tells_where_it_is_said(ada: Uploader, ben: Uploader, video_id: int):
    path = f"/api/gallery/videos/{video_id}/captions/en"
    assert ada.http.put(path, content=VTT).status_code == 200
    found = ben.http.get("/api/gallery/videos", params={"search": "spinning axis stay"}).json()
    (video,) = found["videos"]
    assert video["id"] == video_id
    assert video["moment"] == {
        "seconds": 1.0,
        "language": "en",
        "line": [
            {"text": "The ", "found": False},
            {"text": "axis", "found": True},
            {"text": " ", "found": False},
            {"text": "stays", "found": True},
            {"text": " where it is", "found": False},
        ],
    }
    titled = ben.http.get("/api/gallery/videos", params={"search": "spinning"}).json()
    assert titled["videos"][0]["moment"] is None
    assert "moment" not in ben.http.get("/api/gallery/videos").json()["videos"][0]
