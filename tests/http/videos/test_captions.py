"""Captions put by their owner, read by whoever may see the video."""

import pytest

from tests.http.videos.film import Uploader

SRT = "1\r\n00:00:01,000 --> 00:00:02,000\r\nGröße <font color=red>naïve</font>\r\n\r\n"


@pytest.fixture(scope="module")
def video_id(ada: Uploader, clip: bytes) -> int:
    made = ada.upload(clip, title="Captioned", visibility="public")
    ada.until(made, "ready")
    return made


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8"])
def test_captions_of_any_encoding_are_shown_clean(ada: Uploader, video_id: int, encoding: str):
    path = f"/api/gallery/videos/{video_id}/captions"
    put = ada.http.put(f"{path}/de?label=Deutsch", content=SRT.encode(encoding))
    assert put.status_code == 200, put.text
    assert (put.json()["language"], put.json()["label"]) == ("de", "Deutsch")
    file = ada.http.get(put.json()["url"])
    assert file.headers["content-type"] == "text/vtt; charset=utf-8"
    assert file.text == "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nGröße naïve\n"
    (listed,) = ada.http.get(path).json()["captions"]
    assert ada.http.get(listed["url"]).text == file.text
    assert ada.http.get(f"/api/stream/{video_id}").json()["captions"][0]["label"] == "Deutsch"


def test_what_is_replaced_or_removed_is_gone(ada: Uploader, video_id: int):
    path = f"/api/gallery/videos/{video_id}/captions/fr"
    first = ada.http.put(path, content=SRT.encode()).json()
    other = ada.http.put(path, content=SRT.replace("Gr", "Kl").encode()).json()
    assert ada.http.get(first["url"]).status_code == 404
    assert "Kl" in ada.http.get(other["url"]).text
    assert ada.http.delete(path).status_code == 204
    assert ada.http.get(other["url"]).status_code == 404
    assert ada.http.delete(path).status_code == 404


def test_what_are_no_captions_is_refused(ada: Uploader, ben: Uploader, video_id: int):
    path = f"/api/gallery/videos/{video_id}/captions"
    ass = b"[Script Info]\nDialogue: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,Hello\n"
    assert ada.http.put(f"{path}/en", content=ass).status_code == 400
    assert ada.http.put(f"{path}/..%2f", content=SRT.encode()).status_code in (400, 404)
    assert ada.http.put(f"{path}/english", content=SRT.encode()).status_code == 400
    assert ada.http.put(f"{path}/en", content=b"x" * 3_000_000).status_code == 413
    assert ben.http.put(f"{path}/en", content=SRT.encode()).status_code == 403
    assert ben.http.delete(f"{path}/de").status_code == 403
