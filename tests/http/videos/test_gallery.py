"""The gallery and streaming as the source system's clients know them, and who sees what."""

import re

import httpx
import pytest

from tests.http.videos.film import Uploader
from tests.running import RunningServer, wait_for

FIELDS = {
    *("id", "user_id", "job_id", "title", "description", "s3_key", "visibility", "status"),
    *("duration", "resolution", "video_codec", "audio_codec", "file_size", "thumbnail_url"),
    *("views", "created_at", "updated_at"),
}


@pytest.fixture(scope="module")
def video_id(ada: Uploader, clip: bytes) -> int:
    """A public film that can be watched."""
    made = ada.upload(clip, title="Rotation of bodies", visibility="public", filename="a.mp4")
    ada.until(made, "ready")
    return made


@pytest.fixture
def anyone(server: RunningServer) -> httpx.Client:
    return httpx.Client(base_url=server.base, timeout=30)


def test_health_names_the_services(anyone: httpx.Client):
    assert anyone.get("/api/gallery/health").json() == {
        "status": "ok",
        "service": "gallery-service",
        "runtime": "local",
    }
    told = anyone.get("/prod/api/stream/health").json()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told.pop("timestamp"))
    assert told == {"status": "ok", "service": "streaming-service", "runtime": "local"}


def test_services_are_listed_for_pages(anyone: httpx.Client):
    assert "videos" in anyone.get("/api/config").json()["services"]


@pytest.mark.parametrize("prefix", ["/api/gallery", "", "/prod", "/prod/api/gallery"])
def test_lists_and_videos_answer_with_and_without_prefix(
    anyone: httpx.Client, prefix: str, video_id: int
):
    listed = anyone.get(prefix + "/videos?page=1&limit=100").json()
    assert listed["pagination"]["page"] == 1
    assert video_id in [video["id"] for video in listed["videos"]]
    assert anyone.get(f"{prefix}/videos/{video_id}").json()["title"] == "Rotation of bodies"
    assert anyone.get(prefix + "/health").json()["service"] == "gallery-service"


def test_an_empty_list_has_no_pages(anyone: httpx.Client):
    empty = anyone.get("/api/gallery/videos?search=zebra").json()
    assert empty == {
        "videos": [],
        "pagination": {"total": 0, "page": 1, "limit": 10, "totalPages": 0},
    }


@pytest.mark.parametrize("query", ["page=0", "limit=0", "limit=101", "page=x", "status=odd"])
def test_values_that_cannot_be_used_are_400(anyone: httpx.Client, query: str):
    assert anyone.get(f"/api/gallery/videos?{query}").status_code == 400


@pytest.mark.parametrize("video_id", ["0", "999999", "x", "-1", "1e3", "9" * 40])
def test_what_is_not_there_is_404(anyone: httpx.Client, video_id: str):
    answer = anyone.get(f"/api/gallery/videos/{video_id}")
    assert answer.status_code == 404
    assert answer.json()["message"] == "Video not found"


def test_a_video_has_the_fields_of_the_source(ada: Uploader, video_id: int):
    video = ada.video(video_id)
    assert video.keys() >= FIELDS
    assert video["status"] == "ready"
    assert video["duration"] == pytest.approx(3, abs=0.1)
    assert (video["resolution"], video["video_codec"]) == ("320x180", "h264")


def test_what_is_the_owners_alone_others_do_not_get(ben: Uploader, video_id: int):
    video = ben.video(video_id)
    assert video["mine"] is False
    assert video.keys().isdisjoint({"s3_key", "key", "failure", "notice", "progress"})


def test_searching_finds_by_words(anyone: httpx.Client, video_id: int):
    for search in ("rotation", "ROTA", "bodies rotation"):
        found = anyone.get("/api/gallery/videos", params={"search": search}).json()
        assert video_id in [video["id"] for video in found["videos"]], search


def test_only_the_owner_and_admins_change_and_delete(
    ada: Uploader, ben: Uploader, anyone: httpx.Client, video_id: int, admin: str
):
    path = f"/api/gallery/videos/{video_id}"
    assert anyone.put(path, json={"title": "x"}).status_code == 401
    assert ben.http.put(path, json={"title": "x"}).status_code == 403
    assert ben.http.delete(path).status_code == 403
    assert anyone.delete(path).status_code == 401
    changed = ada.http.put(path, json={"description": "Of <b>rigid</b> bodies"}).json()
    assert changed["description"] == "Of <b>rigid</b> bodies"
    assert ada.http.put(path, json={"title": ""}).status_code == 400
    assert ada.http.put(path, json={"visibility": "secret"}).status_code == 400
    admins = {"Authorization": f"Bearer {admin}"}
    again = anyone.put(path, json={"title": "Rotation of bodies"}, headers=admins)
    assert again.status_code == 200


def test_streaming_leads_to_playlists_and_segments(anyone: httpx.Client, video_id: int):
    told = anyone.get(f"/api/stream/{video_id}").json()
    assert told["type"] == "application/vnd.apple.mpegurl"
    assert told["expiresAt"].endswith("Z")
    assert "partial" not in told
    files = reachable(anyone, told["url"])
    assert {url.rsplit(".", 1)[1] for url in files} >= {"m3u8", "m4s"}
    for url in [*files, told["storyboardUrl"], told["posterUrl"], told["audioFileUrl"]]:
        answer = anyone.get(url)
        assert answer.status_code == 200, url
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
    qualities = anyone.get(f"/api/stream/{video_id}/qualities").json()["qualities"]
    assert {"name", "width", "height", "bitrate", "codecs", "url"} <= qualities[0].keys()
    assert anyone.get(qualities[0]["url"]).text.startswith("#EXTM3U")


def reachable(http: httpx.Client, master: str) -> set[str]:
    """Return every address that a master playlist leads to, its own among them."""
    found, waiting = set(), [master]
    while waiting:
        url = waiting.pop()
        found.add(url)
        if url.endswith(".m3u8"):
            text = http.get(url).text
            named = re.findall(r'URI="([^"]+)"', text) + re.findall(r"(?m)^[^#\s].*$", text)
            waiting += {str(httpx.URL(url).join(name)) for name in named} - found
    return found


def test_ranges_and_validators(anyone: httpx.Client, video_id: int):
    told = anyone.get(f"/api/stream/{video_id}").json()
    url = next(url for url in reachable(anyone, told["url"]) if url.endswith(".m4s"))
    whole = anyone.get(url)
    size = len(whole.content)
    part = anyone.get(url, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{size}"
    tail = anyone.get(url, headers={"Range": "bytes=-5"})
    assert tail.content == whole.content[-5:]
    rest = anyone.get(url, headers={"Range": f"bytes={size - 3}-"})
    assert rest.content == whole.content[-3:]
    beyond = anyone.get(url, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    etag = whole.headers["etag"]
    assert anyone.get(url, headers={"If-None-Match": etag}).status_code == 304
    changed = {"Range": "bytes=0-1", "If-Range": '"other"'}
    assert anyone.get(url, headers=changed).status_code == 200
    head = anyone.head(url)
    assert (head.headers["content-length"], head.content) == (str(size), b"")
    assert anyone.post(url).status_code == 405


def test_addresses_hold_for_their_own_video_alone(anyone: httpx.Client, video_id: int):
    url = anyone.get(f"/api/stream/{video_id}").json()["url"]
    _, _, number, expiry, signature, file = httpx.URL(url).path.split("/")
    wrong = [
        f"/m/{int(number) + 1}/{expiry}/{signature}/{file}",
        f"/m/{number}/{int(expiry) + 1}/{signature}/{file}",
        f"/m/{number}/{expiry}/{signature[:-1]}/{file}",
        f"/m/{number}/{expiry}/{signature}/../original",
        f"/m/{number}/{expiry}/{signature}/%2e%2e/original",
        f"/m/{number}/{expiry}/{signature}/original",
        f"/m/{number}/{expiry}/{signature}/v180/../../original.mp4",
        f"/m/{number}/{expiry}/{signature}/",
        f"/m/{number}",
    ]
    for path in wrong:
        assert anyone.get(path).status_code in (401, 403, 404), path


@pytest.mark.parametrize(
    "file",
    ["captions/x.vtt", "captions/a.mp4", f"captions/{'a' * 120}.vtt", "master.m3u8/a.mp4"],
)
def test_a_name_that_no_file_has_is_not_there(anyone: httpx.Client, video_id: int, file: str):
    url = anyone.get(f"/api/stream/{video_id}").json()["url"]
    answer = anyone.get(url.rpartition("/")[0] + f"/{file}")
    assert answer.status_code == 404
    assert answer.json()["message"].endswith(".")


def test_private_is_private_down_to_each_file_and_old_addresses_end(
    ada: Uploader, ben: Uploader, anyone: httpx.Client, clip: bytes
):
    made = ada.upload(clip, title="Private")
    ada.until(made, "ready")
    for reader in (anyone, ben.http):
        for path in (f"/api/gallery/videos/{made}", f"/api/stream/{made}", f"/videos/{made}"):
            assert reader.get(path).status_code == 404
        for path in ("qualities", "thumbnail"):
            assert reader.get(f"/api/stream/{made}/{path}").status_code == 404
    files = reachable(anyone, ada.http.get(f"/api/stream/{made}").json()["url"])
    assert all(anyone.get(url).status_code == 200 for url in files)
    ungranted = [re.sub(r"(/m/\d+/\d+/)[^/]+/", r"\1AAAA/", url) for url in files]
    assert {anyone.get(url).status_code for url in ungranted} == {403}

    ada.http.put(f"/api/gallery/videos/{made}", json={"visibility": "public"})
    public = reachable(anyone, anyone.get(f"/api/stream/{made}").json()["url"])
    ada.http.put(f"/api/gallery/videos/{made}", json={"visibility": "private"})
    assert {anyone.get(url).status_code for url in public | files} == {403}
    again = reachable(anyone, ada.http.get(f"/api/stream/{made}").json()["url"])
    assert ada.http.delete(f"/api/gallery/videos/{made}").json()["message"]
    assert {anyone.get(url).status_code for url in again} == {403}
    assert ada.http.get(f"/api/gallery/videos/{made}").status_code == 404


def test_an_unlisted_video_needs_its_key_which_can_be_renewed(
    ada: Uploader, ben: Uploader, anyone: httpx.Client, clip: bytes
):
    made = ada.upload(clip, title="Unlisted zebu", visibility="unlisted")
    ada.until(made, "ready")
    key = ada.video(made)["key"]
    path = f"/api/gallery/videos/{made}"
    assert anyone.get(path).status_code == 404
    assert anyone.get(path, params={"key": key[:-1]}).status_code == 404
    assert anyone.get(path, params={"key": key}).json()["title"] == "Unlisted zebu"
    assert anyone.get("/videos?search=zebu").json()["videos"] == []
    assert ben.http.get("/videos?search=zebu").json()["videos"] == []
    url = anyone.get(f"/api/stream/{made}", params={"key": key}).json()["url"]
    assert anyone.get(url).status_code == 200
    renewed = ada.http.post(path + "/link", json={}).json()["key"]
    assert renewed != key
    assert anyone.get(path, params={"key": key}).status_code == 404
    assert anyone.get(url).status_code == 403
    assert anyone.get(path, params={"key": renewed}).status_code == 200
    ada.http.delete(path)


def test_the_campus_sees_what_is_the_campuss(
    ada: Uploader, ben: Uploader, anyone: httpx.Client, video_id: int
):
    path = f"/api/gallery/videos/{video_id}"
    ada.http.put(path, json={"visibility": "campus"})
    assert anyone.get(path).status_code == 404
    assert ben.http.get(path).status_code == 200
    assert video_id in [v["id"] for v in ben.http.get("/videos?limit=100").json()["videos"]]
    ada.http.put(path, json={"visibility": "public"})


def test_times_of_publication_hold(ada: Uploader, anyone: httpx.Client, video_id: int):
    path = f"/api/gallery/videos/{video_id}"
    for times in ({"publish_at": "2999-01-01T00:00:00Z"}, {"unpublish_at": "2000-01-01T00:00:00Z"}):
        told = ada.http.put(path, json=times).json()
        assert told[next(iter(times))] == next(iter(times.values())).replace("00Z", "00.000Z")
        assert anyone.get(path).status_code == 404
        found = anyone.get("/videos?search=rotation").json()["videos"]
        assert video_id not in [each["id"] for each in found]
        ada.http.put(path, json=dict.fromkeys(times, ""))
    assert anyone.get(path).status_code == 200
    assert ada.http.put(path, json={"publish_at": "2027-01-01T00:00"}).status_code == 400


def test_a_view_counts_once_an_hour_and_not_for_who_only_looks(
    ada: Uploader, server: RunningServer, video_id: int
):
    path, before = f"/api/stream/{video_id}", ada.video(video_id)["views"]
    viewer = httpx.Client(base_url=server.base, timeout=30)
    for _ in range(3):
        assert viewer.get(path).status_code == 200
    viewer.head(path)
    ada.http.get(path)
    httpx.head(server.base + path)
    httpx.get(server.base + path, headers={"Sec-Purpose": "prefetch"})
    assert ada.video(video_id)["views"] == before + 1
    forged = {"Cookie": "quadrangle_viewer=someone.AAAA"}
    answer = httpx.get(server.base + path, headers=forged)
    assert "quadrangle_viewer=" in answer.headers["set-cookie"]
    assert ada.video(video_id)["views"] == before + 2


def test_who_is_signed_in_counts_once_on_all_devices(ada: Uploader, ben: Uploader, video_id: int):
    path, before = f"/api/stream/{video_id}", ada.video(video_id)["views"]
    for _ in range(2):
        ben.http.cookies.clear()  # another device: known by the token alone
        assert ben.http.get(path).status_code == 200
    assert ada.video(video_id)["views"] == before + 1


def test_an_owner_learns_how_often_and_nobody_else(
    ada: Uploader, ben: Uploader, server: RunningServer, video_id: int
):
    path = f"/api/gallery/videos/{video_id}/plays"
    before = ada.http.get(path, params={"days": 7}).json()["days"]
    assert len(before) == 7
    httpx.get(f"{server.base}/api/stream/{video_id}")
    after = ada.http.get(path, params={"days": 7}).json()["days"]
    assert after[-1]["plays"] == before[-1]["plays"] + 1
    assert after[:-1] == before[:-1]
    assert sorted(each["day"] for each in after) == [each["day"] for each in after]
    assert ben.http.get(path).status_code == 403
    assert ada.http.get(path, params={"days": 0}).status_code == 400


def test_a_thumbnail_is_an_address_or_the_picture(anyone: httpx.Client, video_id: int):
    path = f"/api/stream/{video_id}/thumbnail"
    url = anyone.get(path).json()["url"]
    picture = anyone.get(path, headers={"Accept": "image/avif,image/webp,*/*"})
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.content == anyone.get(url).content


def test_what_is_no_video_fails_with_a_sentence(ada: Uploader, anyone: httpx.Client):
    made = ada.upload(b"this is no film\n" * 100, title="Text", visibility="public")
    failed = ada.until(made, "failed")
    assert failed["failure"].endswith(".")
    assert "/" not in failed["failure"]
    assert ada.http.get(f"/api/stream/{made}").status_code == 409
    assert anyone.get(f"/api/gallery/videos/{made}").status_code == 404
    assert ada.http.post(f"/api/gallery/videos/{made}/retry", json={}).status_code == 409


def test_deleting_leaves_no_file(ada: Uploader, server: RunningServer, clip: bytes):
    made = ada.upload(clip)
    folder = server.data / "videos" / ada.video(made)["s3_key"].split("/")[1]
    assert folder.is_dir()
    assert ada.http.delete(f"/api/gallery/videos/{made}").status_code == 200
    wait_for(lambda: not folder.exists(), "the end of the files", 10)


def test_a_closed_account_leaves_what_others_see_without_its_name(
    server: RunningServer, admin: str, anyone: httpx.Client, clip: bytes
):
    person = server.hire(admin, "cleo@campus.example", "teacher", "Cleo")
    cleo = Uploader(server, server.sign_in("cleo@campus.example", person["password"]))
    public = cleo.upload(clip, title="Stays", visibility="public")
    private = cleo.upload(clip, title="Goes")
    for made in (public, private):
        cleo.until(made, "ready")
    begun = cleo.begin(10).rpartition("/")[2]
    folder = server.data / "videos"
    key = cleo.video(private)["s3_key"].split("/")[1]
    assert (folder / begun).is_dir()
    assert (folder / key).is_dir()
    closed = cleo.http.post("/api/accounts/me/close", json={"password": person["password"]})
    assert closed.status_code == 204, closed.text
    path = f"/api/gallery/videos/{public}"
    wait_for(lambda: anyone.get(path).json()["owner_name"] == "Former member", "no name", 30)
    assert anyone.get(path).json()["user_id"] == ""
    assert anyone.get(anyone.get(f"/api/stream/{public}").json()["url"]).status_code == 200
    wait_for(lambda: not (folder / begun).exists() and not (folder / key).exists(), "no files", 30)
