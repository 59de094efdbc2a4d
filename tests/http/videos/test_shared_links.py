"""Links that an owner makes to a video that not everybody sees."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.http.videos.film import Uploader
from tests.http.videos.test_gallery import reachable
from tests.running import RunningServer, wait_for

PASSWORD = "rotation of bodies"


@pytest.fixture(scope="module")
def video_id(ada: Uploader, clip: bytes) -> int:
    """A private film that can be watched."""
    made = ada.upload(clip, title="Private lecture", filename="a.mp4")
    ada.until(made, "ready")
    return made


@pytest.fixture
def anyone(server: RunningServer) -> httpx.Client:
    return httpx.Client(base_url=server.base, timeout=30)


def links_of(video_id: int) -> str:
    return f"/api/gallery/videos/{video_id}/links"


def make(ada: Uploader, video_id: int, **said: str) -> dict[str, Any]:
    answer = ada.http.post(links_of(video_id), json=said)
    assert answer.status_code == 201, answer.text
    return answer.json()


def soon(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def test_a_link_opens_a_private_video_until_it_is_revoked(
    ada: Uploader, ben: Uploader, anyone: httpx.Client, video_id: int
):
    link = make(ada, video_id, label="Exam board")
    assert (link["label"], link["ends_at"], link["has_password"]) == ("Exam board", None, False)
    assert link["url"].endswith(f"/video?id={video_id}&key={link['key']}")
    path = f"/api/gallery/videos/{video_id}"
    files = set()
    for reader in (anyone, ben.http):
        assert reader.get(path).status_code == 404
        shown = reader.get(path, params={"key": link["key"]})
        assert shown.json()["title"] == "Private lecture"
        assert shown.json().keys().isdisjoint({"key", "s3_key"})
        files.add(shown.json()["thumbnail_url"])
        told = reader.get(f"/api/stream/{video_id}", params={"key": link["key"]}).json()
        files |= {told["posterUrl"], told["storyboardUrl"], *reachable(anyone, told["url"])}
        still = reader.get(f"/api/stream/{video_id}/thumbnail", params={"key": link["key"]})
        files |= {still.json()["url"], still.json()["url"].replace("poster.jpg", "master.m3u8")}
    assert {anyone.get(url).status_code for url in files} == {200}
    own = reachable(anyone, ada.http.get(f"/api/stream/{video_id}").json()["url"])

    gone = ada.http.delete(f"{links_of(video_id)}/{link['id']}")
    assert gone.status_code == 204
    assert {anyone.get(url).status_code for url in files} == {403}
    assert {anyone.get(url).status_code for url in own} == {200}
    for where in (path, f"/api/stream/{video_id}", f"/api/stream/{video_id}/qualities"):
        answer = anyone.get(where, params={"key": link["key"]})
        assert (answer.status_code, answer.json()["message"][:20]) == (410, "This link does not h")
    assert ada.http.delete(f"{links_of(video_id)}/{link['id']}").status_code == 404


def test_a_link_ends_down_to_the_last_segment(ada: Uploader, anyone: httpx.Client, video_id: int):
    link = make(ada, video_id, ends_at=soon(4))
    query = {"key": link["key"]}
    told = anyone.get(f"/api/stream/{video_id}", params=query).json()
    assert told["expiresAt"] <= link["ends_at"]
    files = reachable(anyone, told["url"])
    assert {anyone.get(url).status_code for url in files} == {200}

    def over() -> bool:
        return anyone.get(f"/api/gallery/videos/{video_id}", params=query).status_code == 410

    wait_for(over, "the end of a link", 10)
    assert {anyone.get(url).status_code for url in files} == {403}
    listed = ada.http.get(links_of(video_id)).json()["links"]
    assert [each["over"] for each in listed if each["id"] == link["id"]] == [True]


def test_a_password_is_asked_for_and_wrong_ones_are_slowed(
    ada: Uploader, anyone: httpx.Client, video_id: int
):
    link = make(ada, video_id, password=PASSWORD)
    path, query = f"/api/gallery/videos/{video_id}", {"key": link["key"]}
    for where in (path, f"/api/stream/{video_id}", f"/api/stream/{video_id}/thumbnail"):
        asked = anyone.get(where, params=query)
        assert (asked.status_code, asked.json()["passwordRequired"]) == (403, True)
    wrong = anyone.post(f"{path}/unlock", json={**query, "password": "wrong"})
    assert (wrong.status_code, wrong.json()["message"][-1]) == (403, ".")
    opened = anyone.post(f"{path}/unlock", json={**query, "password": PASSWORD})
    assert opened.status_code == 200
    unlocked = {"key": opened.json()["key"]}
    assert anyone.get(path, params=unlocked).status_code == 200
    told = anyone.get(f"/api/stream/{video_id}", params=unlocked).json()
    files = reachable(anyone, told["url"])
    statuses = [
        anyone.post(f"{path}/unlock", json={**query, "password": f"wrong {n}"}).status_code
        for n in range(8)
    ]
    assert statuses[-1] == 429
    assert anyone.post(f"{path}/unlock", json={**query, "password": PASSWORD}).status_code == 429
    ada.http.delete(f"{links_of(video_id)}/{link['id']}")
    assert {anyone.get(url).status_code for url in files} == {403}
    assert anyone.get(path, params=unlocked).status_code == 410


def test_keys_of_others_and_forged_ones_open_nothing(
    ada: Uploader, anyone: httpx.Client, clip: bytes, video_id: int
):
    other = ada.upload(clip, title="Another")
    link, with_password = make(ada, video_id), make(ada, video_id, password=PASSWORD)
    *parts, signature = link["key"].split(".")
    forged = [
        ".".join([*parts, signature[:-1]]),
        f"s.{with_password['id']}.{signature}",
        f"s.{link['id']}.9999999999.{signature}",
        f"s.{with_password['id']}.9999999999.{signature}",
        "s..",
        "s...",
        link["id"],
    ]
    for key in forged:
        found = anyone.get(f"/api/gallery/videos/{video_id}", params={"key": key})
        assert found.status_code == 404, key
    for number in (other, 999999):
        found = anyone.get(f"/api/gallery/videos/{number}", params={"key": link["key"]})
        assert found.status_code == 404
    told = anyone.get(f"/api/stream/{video_id}", params={"key": link["key"]}).json()
    swapped = told["url"].replace(link["id"], with_password["id"])
    bare = told["url"].replace(f"{link['id']}.", "")
    assert [anyone.get(url).status_code for url in (swapped, bare)] == [403, 403]


def test_times_of_publication_hold_for_links_too(
    ada: Uploader, anyone: httpx.Client, video_id: int
):
    link, path = make(ada, video_id), f"/api/gallery/videos/{video_id}"
    ada.http.put(path, json={"publish_at": "2999-01-01T00:00:00Z"})
    assert anyone.get(path, params={"key": link["key"]}).status_code == 404
    ada.http.put(path, json={"publish_at": ""})
    assert anyone.get(path, params={"key": link["key"]}).status_code == 200


def test_only_owner_and_admins_make_list_and_revoke(
    ada: Uploader, ben: Uploader, anyone: httpx.Client, video_id: int, admin: str
):
    link = make(ada, video_id, label="Mine")
    revoking = f"{links_of(video_id)}/{link['id']}"
    for reader, refused in ((anyone, 401), (ben.http, 404)):
        assert reader.get(links_of(video_id)).status_code == refused
        assert reader.post(links_of(video_id), json={}).status_code == refused
        assert reader.delete(revoking).status_code == refused
        with_key = reader.delete(revoking, params={"key": link["key"]})
        assert with_key.status_code == refused
    path = f"/api/gallery/videos/{video_id}"
    ada.http.put(path, json={"visibility": "campus"})
    assert ben.http.delete(revoking).status_code == 403
    ada.http.put(path, json={"visibility": "private"})
    admins = {"Authorization": f"Bearer {admin}"}
    listed = anyone.get(links_of(video_id), headers=admins).json()["links"]
    assert link["id"] in [each["id"] for each in listed]
    assert "password" not in listed[0]


@pytest.mark.parametrize(
    "said",
    [
        {"ends_at": "2020-01-01T00:00:00Z"},
        {"ends_at": "2999-01-01T00:00"},
        {"password": "short"},
        {"password": "        "},
        {"password": "\u2800\u3000\u200b\u00a0\u2003\ufeff"},
        {"label": "x" * 101},
    ],
)
def test_what_no_link_can_be_is_400(ada: Uploader, video_id: int, said: dict[str, str]):
    answer = ada.http.post(links_of(video_id), json=said)
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["errors"]] == [*said]


def test_a_public_video_needs_no_link(ada: Uploader, video_id: int):
    path = f"/api/gallery/videos/{video_id}"
    ada.http.put(path, json={"visibility": "public"})
    answer = ada.http.post(links_of(video_id), json={})
    assert (answer.status_code, answer.json()["message"][-1]) == (400, ".")
    ada.http.put(path, json={"visibility": "private"})


def test_links_go_with_their_video(ada: Uploader, anyone: httpx.Client, clip: bytes):
    made = ada.upload(clip, title="Short-lived")
    link = make(ada, made)
    ada.http.delete(f"/api/gallery/videos/{made}")
    answer = anyone.get(f"/api/gallery/videos/{made}", params={"key": link["key"]})
    assert answer.status_code == 404
