"""Videos that staff takes down, and gives back: who sees them meanwhile, and what owners can do."""

from collections.abc import Iterator

import httpx
import pytest

from tests.http.videos.film import Uploader, hired_as
from tests.running import RunningServer, wait_for

REASON = {"reason": "It shows somebody who did not agree."}


@pytest.fixture(scope="module")
def anyone(server: RunningServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.base) as client:
        yield client


@pytest.fixture(scope="module")
def staff(server: RunningServer, admin: str) -> Uploader:
    """Somebody of staff who is no administrator."""
    return hired_as(server, admin, "warden@campus.example", "staff")


@pytest.fixture
def video(ada: Uploader, clip: bytes) -> str:
    """The path of a public video of Ada's that is ready."""
    video_id = ada.upload(clip, title="Who is in it", visibility="public")
    ada.until(video_id, "ready")
    return f"/api/gallery/videos/{video_id}"


def letters(server: RunningServer, admin: str, *beginnings: str) -> list[str]:
    """Wait for letters by the beginnings of their subjects, and return their texts."""
    outbox = httpx.Client(base_url=server.base, headers={"Authorization": f"Bearer {admin}"})

    def written() -> list[str] | None:
        mails = outbox.get("/api/mail/outbox").json()["mails"]
        found = {each["subject"].partition(":")[0]: each["mailId"] for each in mails}
        return [found[each] for each in beginnings] if found.keys() >= set(beginnings) else None

    ids = wait_for(written, "letters to the owner")
    return [outbox.get(f"/api/mail/outbox/{each}").json()["text"] for each in ids]


def test_its_owner_reads_why(
    ada: Uploader, ben: Uploader, staff: Uploader, server: RunningServer, admin: str, video: str
):
    take_down = f"{video}/take-down"
    assert ben.http.post(take_down, json=REASON).status_code == 403
    assert staff.http.post(take_down, json={"reason": " "}).status_code == 400
    assert staff.http.post(take_down, json=REASON).json() == {"message": "Video hidden"}
    shown = ada.http.get(video).json()
    assert (shown["visibility"], shown["taken_down"]) == ("private", REASON["reason"])
    gone = staff.http.post(take_down, json={**REASON, "delete": True})
    assert gone.json() == {"message": "Video deleted"}
    assert ada.http.get(video).status_code == 404
    for text in letters(server, admin, "Your video was hidden", "Your video was deleted"):
        assert REASON["reason"] in text


def test_its_owner_cannot_show_it_to_anybody(
    ada: Uploader, ben: Uploader, staff: Uploader, anyone: httpx.Client, video: str
):
    assert ada.http.put(video, json={"visibility": "private"}).status_code == 200
    by_link = {"key": ada.http.post(f"{video}/links", json={}).json()["key"]}
    assert anyone.get(video, params=by_link).status_code == 200
    playlist = anyone.get(anyone_stream(video), params=by_link).json()["url"]
    assert anyone.get(playlist).status_code == 200
    # what is private is seen by a link of its owner's: that is taken down as well
    taken = staff.http.post(f"{video}/take-down", json=REASON, params=by_link)
    assert taken.status_code == 200, taken.text
    assert anyone.get(video, params=by_link).status_code == 404
    assert anyone.get(playlist).status_code == 403
    for visibility in ("public", "campus", "unlisted", "shared"):
        answer = ada.http.put(video, json={"visibility": visibility})
        assert answer.status_code == 403
        assert "Only staff can give it back" in answer.json()["message"]
    assert ada.http.post(f"{video}/links", json={}).status_code == 403
    named = {"people": ["ben@campus.example"], "courses": []}
    assert ada.http.put(f"{video}/sharing", json=named).status_code == 403
    assert ben.http.get(video).status_code == 404
    course = ada.http.post("/api/courses", json={"title": "All of it"}).json()["id"]
    number = int(video.rpartition("/")[2])
    order = ada.http.put(f"/api/courses/{course}/videos", json={"videos": [number]})
    assert order.status_code == 403
    renamed = ada.http.put(video, json={"title": "Nobody is in it", "visibility": "private"})
    assert renamed.json()["title"] == "Nobody is in it"


def test_staff_gives_it_back_as_it_was(
    ada: Uploader,
    ben: Uploader,
    staff: Uploader,
    anyone: httpx.Client,
    server: RunningServer,
    admin: str,
    video: str,
):
    give_back = f"{video}/give-back"
    assert staff.http.post(give_back, json={}).status_code == 409
    for _ in range(2):  # the second time with another reason: what it was before stays known
        assert staff.http.post(f"{video}/take-down", json=REASON).status_code == 200
    assert staff.http.get(video).json()["taken_down"] == REASON["reason"]
    assert ada.http.post(give_back, json={}).status_code == 403
    assert ben.http.post(give_back, json={}).status_code == 403
    assert anyone.post(give_back, json={}).status_code == 401
    back = staff.http.post(give_back, json={})
    assert back.status_code == 200, back.text
    assert back.json()["visibility"] == "public"
    assert anyone.get(video).status_code == 200
    assert "taken_down" not in anyone.get(video).json()
    assert ada.http.get(video).json()["taken_down"] is None
    assert ada.http.put(video, json={"visibility": "campus"}).status_code == 200
    (text,) = letters(server, admin, "Your video was given back")
    assert "as it was before" in text


def test_what_its_owner_made_private_meanwhile_stays_so(
    ada: Uploader, ben: Uploader, staff: Uploader, anyone: httpx.Client, video: str
):
    assert staff.http.post(f"{video}/take-down", json=REASON).status_code == 200
    renamed = ada.http.put(video, json={"title": "Not for all"})  # says nothing about who sees it
    assert renamed.status_code == 200
    assert staff.http.post(f"{video}/give-back", json={}).json()["visibility"] == "public"
    assert staff.http.post(f"{video}/take-down", json=REASON).status_code == 200
    assert ada.http.put(video, json={"visibility": "private"}).status_code == 200
    assert staff.http.post(f"{video}/take-down", json=REASON).status_code == 200
    assert staff.http.post(f"{video}/give-back", json={}).status_code == 200
    mine = ada.http.get(video).json()
    assert (mine["visibility"], mine["taken_down"]) == ("private", None)
    for other in (anyone, ben.http, staff.http):
        assert other.get(video).status_code == 404
    assert ada.http.put(video, json={"visibility": "public"}).status_code == 200


def test_staff_has_a_list_of_what_is_taken_down(
    ada: Uploader, staff: Uploader, anyone: httpx.Client, server: RunningServer, video: str
):
    path, number = "/api/gallery/taken-down", int(video.rpartition("/")[2])

    def listed() -> list[dict[str, object]]:
        found = staff.http.get(path).json()["videos"]
        return [each for each in found if each["video_id"] == number]

    assert ada.http.get(path).status_code == 403
    assert anyone.get(path).status_code == 401
    assert ada.http.put(video, json={"description": 'has "taken_down":{ in it'}).status_code == 200
    assert listed() == []
    total = staff.http.get(path).json()["total"]
    assert staff.http.post(f"{video}/take-down", json=REASON).status_code == 200
    (down,) = listed()
    shown = (down["title"], down["owner_name"], down["reason"])
    assert shown == ("Who is in it", "Ada", REASON["reason"])
    assert staff.http.get(path).json()["total"] == total + 1
    assert ada.http.put(video, json={"title": "Who was in it"}).status_code == 200
    assert staff.http.post(f"{video}/take-down", json={"reason": "Again."}).status_code == 200
    (again,) = listed()  # it is down since the first time
    assert again == {**down, "title": "Who was in it", "reason": "Again."}
    assert staff.http.post(f"{video}/give-back", json={}).status_code == 200
    assert listed() == []


def anyone_stream(video: str) -> str:
    return f"/api/stream/{video.rpartition('/')[2]}"
