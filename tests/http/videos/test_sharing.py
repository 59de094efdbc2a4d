"""Videos shared with people and courses: who sees them, to the last segment; feeds of courses."""

import re
from collections.abc import Iterator

import feedparser
import httpx
import pytest

from tests.http.videos.film import Uploader, hired_as
from tests.running import RunningServer


@pytest.fixture(scope="module")
def uploaded(ada: Uploader, clip: bytes) -> int:
    made = ada.upload(clip, title="Gears and levers", visibility="shared", description="Part 1")
    ada.until(made, "ready")
    return made


@pytest.fixture
def film(ada: Uploader, uploaded: int) -> int:
    """Return a film that is shared with nobody and in no course, whatever was done before."""
    assert share(ada, uploaded).status_code == 200
    return uploaded


@pytest.fixture(scope="module")
def cyd(server: RunningServer, admin: str) -> Uploader:
    return hired_as(server, admin, "cyd@campus.example", "teacher")


@pytest.fixture
def anyone(server: RunningServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.base, timeout=30) as client:
        yield client


def share(ada: Uploader, film: int, *people: str, courses: tuple[str, ...] = ()) -> httpx.Response:
    body = {"people": list(people), "courses": list(courses)}
    return ada.http.put(f"/api/gallery/videos/{film}/sharing", json=body)


def a_course(ada: Uploader, *videos: int, **values: str) -> str:
    made = ada.http.post("/api/courses", json={"title": "Mechanics", **values})
    assert made.status_code == 201, made.text
    course_id = made.json()["id"]
    order = ada.http.put(f"/api/courses/{course_id}/videos", json={"videos": videos})
    assert order.status_code == 200, order.text
    return course_id


def sees(who: httpx.Client, film: int) -> bool:
    """Tell whether somebody sees a video; all ways to it agree."""
    shown = who.get(f"/api/gallery/videos/{film}").status_code
    listed = who.get("/api/gallery/videos", params={"limit": 100}).json()["videos"]
    found = who.get("/api/gallery/videos", params={"search": "gears"}).json()["videos"]
    streams = who.get(f"/api/stream/{film}").status_code
    ways = {
        shown == 200,
        film in [video["id"] for video in listed],
        film in [video["id"] for video in found],
        streams == 200,
    }
    assert len(ways) == 1
    return ways.pop()


def segment(who: httpx.Client, film: int) -> str:
    """Return the address of a segment that somebody may play."""
    master = who.get(f"/api/stream/{film}").json()["url"]
    variant = re.search(r"^[^#\s]+\.m3u8$", who.get(master).text, re.M)
    assert variant
    playlist = master.rsplit("/", 1)[0] + "/" + variant[0]
    last = re.findall(r"^[^#\s]+$", who.get(playlist).text, re.M)[-1]
    return playlist.rsplit("/", 1)[0] + "/" + last


def test_people_named_see_it_until_they_are_taken_off(
    ada: Uploader, ben: Uploader, cyd: Uploader, anyone: httpx.Client, film: int
):
    assert not sees(ben.http, film)
    named = share(ada, film, " Ben@Campus.Example", "cyd@campus.example", "ada@campus.example")
    assert [each["name"] for each in named.json()["people"]] == ["Ben", "Cyd"]
    assert sees(ben.http, film)
    assert not sees(anyone, film)
    address = segment(ben.http, film)
    assert anyone.get(address).status_code == 200
    assert share(ada, film, "cyd@campus.example").status_code == 200
    assert anyone.get(address).status_code == 403
    assert not sees(ben.http, film)
    assert anyone.get(segment(cyd.http, film)).status_code == 200


def test_whom_it_is_shared_with_only_its_owner_is_told(ada: Uploader, ben: Uploader, film: int):
    path = f"/api/gallery/videos/{film}/sharing"
    share(ada, film, "ben@campus.example")
    assert ben.http.get(path).status_code == 403
    assert ben.http.put(path, json={"people": [], "courses": []}).status_code == 403
    assert ada.http.get(path).json()["people"][0]["email"] == "ben@campus.example"


def test_addresses_of_nobody_are_named(ada: Uploader, film: int):
    share(ada, film)
    refused = share(ada, film, "ben@campus.example", "who@campus.example")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"] == "people"
    assert "who@campus.example" in refused.json()["errors"][0]["message"]
    assert ada.http.get(f"/api/gallery/videos/{film}/sharing").json()["people"] == []


def test_members_of_a_course_see_what_is_shared_in_it(
    ada: Uploader, ben: Uploader, anyone: httpx.Client, film: int
):
    course_id = a_course(ada, film)
    path = f"/api/courses/{course_id}"
    assert ben.http.get(path).status_code == 404
    added = ada.http.post(f"{path}/members", json={"email": "ben@campus.example"})
    assert added.status_code == 201
    shown = ben.http.get(path).json()
    assert [(item["video"]["id"], item["seen"]) for item in shown["items"]] == [(film, False)]
    assert shown["mine"] is False
    assert sees(ben.http, film)
    address = segment(ben.http, film)
    assert ben.http.get(f"{path}/members").status_code == 403
    gone = ada.http.delete(f"{path}/members/{added.json()['account_id']}")
    assert gone.status_code == 204
    assert anyone.get(address).status_code == 403
    assert not sees(ben.http, film)
    assert ben.http.get(path).status_code == 404


def test_a_course_for_all_opens_what_is_shared_in_it_and_nothing_private(
    ada: Uploader, ben: Uploader, anyone: httpx.Client, film: int
):
    private = ada.upload(b"", title="Not for you")
    share(ada, film)  # with nobody by name
    course_id = a_course(ada, film, private, openness="public")
    assert sees(anyone, film)
    shown = anyone.get(f"/api/courses/{course_id}").json()
    assert [item["video"]["id"] for item in shown["items"]] == [film]
    changed = ada.http.put(f"/api/courses/{course_id}", json={"openness": "campus"})
    assert changed.json()["openness"] == "campus"
    assert sees(ben.http, film)
    assert not sees(anyone, film)
    assert ada.http.delete(f"/api/courses/{course_id}").status_code == 204
    assert not sees(ben.http, film)


def test_only_ones_own_videos_go_into_a_course_and_only_into_ones_own(
    ada: Uploader, ben: Uploader, cyd: Uploader, film: int
):
    theirs = a_course(ben)
    share(ada, film, "ben@campus.example")
    order = ben.http.put(f"/api/courses/{theirs}/videos", json={"videos": [film]})
    assert order.status_code == 403
    assert share(ada, film, courses=(theirs,)).status_code == 404
    mine = a_course(ada)
    assert share(ada, film, courses=(mine,)).json()["courses"][0]["title"] == "Mechanics"
    assert ada.http.get(f"/api/courses/{mine}").json()["video_count"] == 1
    twice = ada.http.put(f"/api/courses/{mine}/videos", json={"videos": [film, film]})
    assert twice.status_code == 400
    share(ada, film)
    assert ada.http.get(f"/api/courses/{mine}").json()["video_count"] == 0


def test_seen_marks_are_each_persons_own(ada: Uploader, ben: Uploader, film: int):
    course_id = a_course(ada, film, openness="campus")
    path = f"/api/gallery/videos/{film}/seen"
    assert ben.http.put(path, json={"seen": True}).json() == {"seen": True}
    assert ben.http.get(f"/api/courses/{course_id}").json()["items"][0]["seen"] is True
    assert ada.http.get(f"/api/courses/{course_id}").json()["items"][0]["seen"] is False
    ben.http.put(path, json={"seen": False})
    assert ben.http.get(f"/api/courses/{course_id}").json()["items"][0]["seen"] is False
    ada.http.delete(f"/api/courses/{course_id}")


def test_a_members_feed_ends_with_their_membership(
    ada: Uploader, ben: Uploader, anyone: httpx.Client, film: int
):
    course_id = a_course(ada, film, title="Gears & <levers>")
    path = f"/api/courses/{course_id}"
    member = ada.http.post(f"{path}/members", json={"email": "ben@campus.example"}).json()
    assert ben.http.get(f"{path}/feed").json() == {"exists": False, "url": None, "created_at": None}
    first = ben.http.post(f"{path}/feed", json={}).json()["url"]
    url = ben.http.post(f"{path}/feed", json={}).json()["url"]
    assert anyone.get(first).status_code == 404
    answer = anyone.get(url)
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    read = feedparser.parse(answer.content)
    assert not read.bozo
    assert read.version == "rss20"
    assert read.feed.title == "Gears & <levers>"
    assert read.feed.itunes_block
    (entry,) = read.entries
    assert entry.title == "Gears and levers"
    assert entry.itunes_duration == "3"
    (sound,) = entry.enclosures
    assert sound.type == "audio/mp4"
    whole = anyone.get(sound.href)
    assert (len(whole.content), whole.content[4:8]) == (int(sound.length), b"ftyp")
    part = anyone.get(sound.href, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert anyone.get(sound.href.replace(f"/{film}.m4a", "/999999.m4a")).status_code == 404
    ada.http.delete(f"{path}/members/{member['account_id']}")
    assert anyone.get(url).status_code == 404
    assert anyone.get(sound.href).status_code == 404


def test_a_public_course_has_a_feed_for_all_while_it_is_public(
    ada: Uploader, anyone: httpx.Client, film: int
):
    course_id = a_course(ada, film, openness="public")
    url = anyone.get(f"/api/courses/{course_id}/feed").json()["url"]
    read = feedparser.parse(anyone.get(url).content)
    assert len(read.entries) == 1
    assert "itunes_block" not in read.feed
    href = read.entries[0].enclosures[0].href
    assert anyone.head(href).status_code == 200
    ada.http.put(f"/api/courses/{course_id}", json={"openness": "campus"})
    assert anyone.get(url).status_code == 404
    assert anyone.get(href).status_code == 404


def test_a_feed_has_a_picture_and_is_sent_once(ada: Uploader, anyone: httpx.Client, film: int):
    course_id = a_course(ada, openness="public")
    url = anyone.get(f"/api/courses/{course_id}/feed").json()["url"]
    bare = anyone.get(url)
    assert "image" not in feedparser.parse(bare.content).feed
    assert anyone.get(url.replace("feed.xml", "picture.jpg")).status_code == 404
    ada.http.put(f"/api/courses/{course_id}/videos", json={"videos": [film]})
    tag = bare.headers["etag"]
    answer = anyone.get(url, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.headers["etag"] != tag) == (200, True)
    known = {"If-None-Match": f'"other", W/{answer.headers["etag"]}'}
    again = anyone.get(url, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    picture = feedparser.parse(answer.content).feed.image.href
    shown = anyone.get(picture)
    assert (shown.headers["content-type"], shown.content[:2]) == ("image/jpeg", b"\xff\xd8")
    asked = {"If-None-Match": shown.headers["etag"]}
    assert anyone.get(picture, headers=asked).status_code == 304
    ada.http.put(f"/api/courses/{course_id}", json={"openness": "members"})
    assert anyone.get(picture).status_code == 404
