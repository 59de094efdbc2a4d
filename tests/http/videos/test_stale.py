"""Courses and sharing saved by whoever saw an older state: told, and nothing is lost."""

from typing import Any

import pytest

from tests.http.videos.film import Uploader, hired_as
from tests.running import RunningServer


@pytest.fixture(scope="module")
def hal(server: RunningServer, admin: str) -> Uploader:
    return hired_as(server, admin, "hal@campus.example", "student")


@pytest.fixture
def videos(ada: Uploader) -> list[int]:
    return [ada.upload(b"", title=title) for title in ("One", "Two")]


def course(ada: Uploader, **values: Any) -> str:
    return ada.http.post("/api/courses", json={"title": "Mechanics", **values}).json()["id"]


def test_a_course_changed_meanwhile_is_not_overwritten(ada: Uploader):
    path = f"/api/courses/{course(ada)}"
    seen = ada.http.get(path).json()["version"]
    first = ada.http.put(path, json={"title": "Gears", "version": seen})
    assert (first.status_code, first.json()["version"]) == (200, seen + 1)
    second = ada.http.put(path, json={"title": "Levers", "version": seen})
    assert second.status_code == 409
    assert "meanwhile" in second.json()["message"]
    assert ada.http.get(path).json()["title"] == "Gears"


def test_an_order_loses_nothing_that_came_in_meanwhile(ada: Uploader, videos: list[int]):
    one, two = videos
    path = f"/api/courses/{course(ada)}"
    seen = ada.http.put(f"{path}/videos", json={"videos": [one]}).json()["version"]
    sharing = {"people": [], "courses": [path.rpartition("/")[2]]}
    assert ada.http.put(f"/api/gallery/videos/{two}/sharing", json=sharing).status_code == 200
    stale = ada.http.put(f"{path}/videos", json={"videos": [], "version": seen})
    assert stale.status_code == 409
    now = ada.http.get(path).json()
    assert [item["video"]["id"] for item in now["items"]] == [one, two]
    body = {"videos": [two, one], "version": now["version"]}
    assert ada.http.put(f"{path}/videos", json=body).status_code == 200
    ada.http.put(f"/api/gallery/videos/{two}/sharing", json={"people": [], "courses": []})
    assert ada.http.put(f"{path}/videos", json=body).status_code == 409


def test_sharing_changed_meanwhile_is_not_overwritten(ada: Uploader, ben: Uploader, videos: Any):
    path = f"/api/gallery/videos/{videos[0]}/sharing"
    seen = ada.http.get(path).json()["version"]
    body = {"people": ["ben@campus.example"], "courses": [], "version": seen}
    saved = ada.http.put(path, json=body)
    assert saved.status_code == 200
    stale = ada.http.put(path, json={**body, "people": []})
    assert stale.status_code == 409
    assert "meanwhile" in stale.json()["message"]
    assert len(ada.http.get(path).json()["people"]) == 1
    again = {**body, "people": [], "version": saved.json()["version"]}
    assert ada.http.put(path, json=again).json()["people"] == []


def test_who_is_disabled_meanwhile_stays_named(
    server: RunningServer, admin: str, ada: Uploader, hal: Uploader, videos: list[int]
):
    path = f"/api/gallery/videos/{videos[0]}"
    assert ada.http.put(path, json={"visibility": "shared"}).status_code == 200
    body = {"people": ["hal@campus.example"], "courses": []}
    named = ada.http.put(f"{path}/sharing", json=body).json()["people"][0]
    person = f"/api/accounts/people/{named['account_id']}"
    assert server.call("PATCH", person, {"active": False}, token=admin).status == 200
    shown = ada.http.get(f"{path}/sharing").json()
    assert (shown["people"], shown["disabled"]) == ([], 1)
    body = {"people": ["ben@campus.example"], "courses": [], "version": shown["version"]}
    saved = ada.http.put(f"{path}/sharing", json=body)
    assert (saved.status_code, saved.json()["disabled"]) == (200, 1)
    assert server.call("PATCH", person, {"active": True}, token=admin).status == 200
    people = ada.http.get(f"{path}/sharing").json()["people"]
    assert [each["name"] for each in people] == ["Ben", "Hal"]
