"""Where somebody stopped watching, over HTTP: for that person alone."""

import httpx
import pytest

from tests.http.videos.film import Uploader
from tests.running import RunningServer


@pytest.fixture(scope="module")
def video(ada: Uploader, clip: bytes) -> str:
    """The path of a public video of Ada's."""
    video_id = ada.upload(clip, title="To go on with", visibility="public")
    ada.until(video_id, "ready")
    return f"/api/gallery/videos/{video_id}"


def test_it_is_told_to_who_stopped_there(ada: Uploader, ben: Uploader, video: str):
    path = f"{video}/position"
    assert ben.http.get(path).json() == {"position": None}
    noted = ben.http.put(path, json={"at": 1.5, "of": 3})
    assert noted.status_code == 200, noted.text
    assert (noted.json()["at"], noted.json()["of"]) == (1.5, 3.0)
    assert ben.http.get(path).json() == {"position": noted.json()}
    later = ben.http.put(path, json={"at": 2.5, "of": 3}).json()
    assert ben.http.get("/api/gallery/positions").json()["positions"][0] == later
    assert ada.http.get(path).json() == {"position": None}
    assert ben.http.get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "body", [{"at": 4, "of": 3}, {"at": 0, "of": 0}, {"at": -1, "of": 3}, {"at": 1}, {"at": "1"}]
)
def test_what_is_no_second_of_a_film_is_refused(ben: Uploader, video: str, body: object):
    assert ben.http.put(f"{video}/position", json=body).status_code == 400


@pytest.mark.parametrize("body", [{"at": 9, "of": 3_600}, {"at": 1, "of": 3_600_001}])
def test_what_is_far_beyond_the_film_is_refused_in_words(ben: Uploader, video: str, body: object):
    refused = ben.http.put(f"{video}/position", json=body)
    assert refused.status_code == 400
    (error,) = refused.json()["errors"]
    assert error == {"field": "at", "message": "Please give a second within the video."}


def test_players_may_measure_a_little_more_than_there_is(ben: Uploader, video: str):
    assert ben.http.put(f"{video}/position", json={"at": 4, "of": 4}).status_code == 200


def test_it_takes_an_account_and_a_video_that_is_seen(
    ada: Uploader, ben: Uploader, server: RunningServer, clip: bytes, video: str
):
    body = {"at": 1, "of": 3}
    assert httpx.put(f"{server.base}{video}/position", json=body).status_code == 401
    assert httpx.get(f"{server.base}/api/gallery/positions").status_code == 401
    private = f"/api/gallery/videos/{ada.upload(clip)}"
    assert ben.http.put(f"{private}/position", json=body).status_code == 404
    assert ben.http.get(f"{private}/position").status_code == 404
    key = ada.http.post(f"{private}/links", json={}).json()["key"]
    by_link = {"key": key}
    assert ben.http.put(f"{private}/position", json=body, params=by_link).status_code == 200
    assert ben.http.get(f"{private}/position", params=by_link).json()["position"]["at"] == 1.0
