"""A film cut or replaced, at the same address, while the film of before plays on."""

import httpx
import pytest

from tests.http.videos.film import Uploader, make_clip
from tests.http.videos.test_gallery import reachable
from tests.running import RunningServer, wait_for

VTT = b"""WEBVTT

00:01.000 --> 00:02.000
The beginning

00:05.000 --> 00:06.500
The middle

00:10.000 --> 00:11.000
The end
"""


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_clip(tmp_path_factory.mktemp("long"), 12).read_bytes()


@pytest.fixture
def video_id(ada: Uploader, long_clip: bytes) -> int:
    made = ada.upload(long_clip, title="Lecture", visibility="public", filename="a.mp4")
    ada.until(made, "ready")
    return made


def path_of(video_id: int) -> str:
    return f"/api/gallery/videos/{video_id}"


def until_made(ada: Uploader, video_id: int) -> dict:
    def made() -> dict | None:
        video = ada.video(video_id)
        return None if video["being_edited"] else video

    return wait_for(made, "a film made anew", 90)


def test_a_film_is_cut_while_the_old_one_plays_and_is_brought_back(
    ada: Uploader, server: RunningServer, video_id: int
):
    anyone = httpx.Client(base_url=server.base, timeout=30)
    path = path_of(video_id)
    ada.http.put(path + "/captions/en", content=VTT)
    chapters = [{"start": 0, "title": "One"}, {"start": 5, "title": "Two"}]
    version = ada.http.get(path + "/chapters").json()["version"]
    ada.http.put(
        path + "/chapters", json={"chapters": chapters, "version": version}
    ).raise_for_status()
    before = ada.video(video_id)
    assert (before["is_cut"], before["being_edited"]) == (False, False)
    old = reachable(anyone, anyone.get(f"/api/stream/{video_id}").json()["url"])
    keep = [{"from": 4, "to": 8}, {"from": 9.5, "to": 11.5}]
    cut = ada.http.put(path + "/film", json={"keep": keep})
    assert (cut.status_code, cut.json()["status"], cut.json()["being_edited"]) == (
        200,
        "ready",
        True,
    )
    assert ada.http.put(path + "/film", json={"keep": keep}).status_code == 409
    assert {anyone.get(url).status_code for url in old} == {200}
    assert "partial" not in anyone.get(f"/api/stream/{video_id}").json()

    after = until_made(ada, video_id)
    assert after["edit_failure"] is None
    assert after["duration"] == pytest.approx(6.0, abs=0.1)
    assert (after["is_cut"], after["created_at"]) == (True, before["created_at"])
    assert after["uploaded_duration"] == pytest.approx(12.0, abs=0.1)
    assert {anyone.get(url).status_code for url in old} == {403}
    stream = anyone.get(f"/api/stream/{video_id}").json()
    assert {anyone.get(url).status_code for url in reachable(anyone, stream["url"])} == {200}
    text = anyone.get(stream["captions"][0]["url"]).text
    assert "00:01.000 --> 00:02.500\nThe middle" in text.replace("00:00:", "00:")
    assert "The beginning" not in text
    assert "4.500 --> " in text
    moved = anyone.get(path + "/chapters").json()["chapters"]
    assert [(each["start"], each["title"]) for each in moved] == [(0, "One"), (1, "Two")]

    search = {"search": "the middle"}
    found = anyone.get("/api/gallery/videos", params=search).json()["videos"]
    assert [(each["id"], each["moment"]["seconds"]) for each in found] == [(video_id, 1.0)]

    again = ada.http.put(path + "/film", json={"keep": [{"from": 1, "to": 6}]})
    assert again.status_code == 200
    assert until_made(ada, video_id)["duration"] == pytest.approx(5.0, abs=0.1)
    assert ada.http.put(path + "/film", json={"keep": []}).status_code == 200
    whole = until_made(ada, video_id)
    assert (whole["is_cut"], whole["duration"]) == (False, pytest.approx(12.0, abs=0.1))
    folder = server.data / "videos" / whole["s3_key"].split("/")[1]
    wait_for(lambda: len(list(folder.glob("r-*"))) == 1, "earlier films removed", 20)


@pytest.mark.parametrize(
    "keep",
    [
        [{"from": 5, "to": 4}],
        [{"from": 5, "to": 8}, {"from": 7, "to": 9}],
        [{"from": 0, "to": 0.5}],
        [{"from": 100, "to": 200}],
        [{"from": 0, "to": 12}],
        [{"from": -1, "to": 5}],
        [],
    ],
)
def test_what_cannot_be_kept_is_400(ada: Uploader, kept_clip: int, keep: list):
    answer = ada.http.put(path_of(kept_clip) + "/film", json={"keep": keep})
    assert answer.status_code == 400, answer.text
    assert not ada.video(kept_clip)["being_edited"]


@pytest.fixture(scope="module")
def kept_clip(ada: Uploader, long_clip: bytes) -> int:
    made = ada.upload(long_clip, title="Stays as it is", visibility="public")
    ada.until(made, "ready")
    return made


def test_only_its_owner_edits_a_film(
    ada: Uploader, ben: Uploader, server: RunningServer, kept_clip: int, clip: bytes
):
    path = path_of(kept_clip) + "/film"
    body = {"keep": [{"from": 1, "to": 5}]}
    assert ben.http.put(path, json=body).status_code == 403
    assert httpx.put(server.base + path, json=body).status_code == 401
    assert ben.announce(len(clip), replaces=str(kept_clip)).status_code == 403
    assert ben.announce(len(clip), replaces="999999").status_code == 404
    assert ben.announce(len(clip), replaces="x").status_code == 400


def test_another_film_takes_the_place_at_the_same_address(
    ada: Uploader, server: RunningServer, video_id: int, clip: bytes
):
    before = ada.video(video_id)
    others = set((server.data / "videos").iterdir())
    assert ada.upload(clip, replaces=str(video_id), filename="b.mp4") == video_id
    (second,) = set((server.data / "videos").iterdir()) - others
    after = until_made(ada, video_id)
    assert after["duration"] == pytest.approx(3.0, abs=0.1)
    assert (after["title"], after["file_size"]) == (before["title"], len(clip))
    # what was uploaded is the new film, for another cut too
    ada.http.put(path_of(video_id) + "/film", json={"keep": [{"from": 0, "to": 2}]})
    assert until_made(ada, video_id)["duration"] == pytest.approx(2.0, abs=0.1)
    folder = server.data / "videos" / before["s3_key"].split("/")[1]
    wait_for(lambda: not (folder / "original").exists(), "the first upload removed", 60)
    ada.http.delete(path_of(video_id))
    wait_for(lambda: not folder.exists(), "all files removed", 60)
    wait_for(lambda: not second.exists(), "the second upload removed", 60)


def test_what_is_no_film_leaves_the_old_one_as_it_is(ada: Uploader, video_id: int):
    before = ada.video(video_id)
    assert ada.upload(b"no film\n" * 50, replaces=str(video_id)) == video_id
    after = until_made(ada, video_id)
    assert after["edit_failure"].endswith(".")
    assert (after["status"], after["duration"]) == ("ready", before["duration"])
    assert ada.http.get(f"/api/stream/{video_id}").status_code == 200
