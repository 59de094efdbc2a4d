"""Photos of an issue: made safe on arrival, served as pictures and nothing else."""

import http.client
import io
import struct
import threading
import zlib

import pillow_heif
import pytest
from PIL import Image

from quadrangle.kernel.ids import new_id
from tests.running import Answer, RunningServer

MAX_BYTES = 12 * 1024 * 1024
GPS_IFD = 0x8825
SECRET = "Secret-Camera-7"

pillow_heif.register_heif_opener()


def picture(width: int = 640, height: int = 480) -> Image.Image:
    return Image.effect_noise((width, height), 60).convert("RGB")


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    output = io.BytesIO()
    image.save(output, kind, **options)
    return output.getvalue()


def jpeg() -> bytes:
    return encoded(picture(64, 48), "JPEG")


def jpeg_with_place() -> bytes:
    """A picture as a phone takes it: turned, with the camera's name and where it was."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned to the right
    exif[0x010F] = SECRET
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    return encoded(picture(640, 480), "JPEG", exif=exif, comment=SECRET.encode())


def add(
    server: RunningServer,
    issue_id: str,
    content: bytes,
    mime: str = "image/jpeg",
    token: str | None = None,
) -> Answer:
    path = f"/api/issues/{issue_id}/photos"
    return server.call("POST", path, content, token=token, headers={"Content-Type": mime})


def opened(answer: Answer) -> Image.Image:
    assert answer.status == 200, answer.body
    assert answer.headers["content-type"] == "image/jpeg"
    image = Image.open(io.BytesIO(answer.body))
    image.load()
    return image


def count(server: RunningServer, issue_id: str) -> int:
    return server.call("GET", f"/issue-status/{issue_id}").json["photoCount"]


def refused(answer: Answer, status: int, words: str) -> None:
    assert answer.status == status, answer.body
    assert words in answer.json["message"]
    assert answer.json["message"].endswith(".")


@pytest.mark.smoke
def test_a_photo_comes_back_upright_and_without_where_it_was_taken(each_server: RunningServer):
    server = each_server
    sent = jpeg_with_place()
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS_IFD)
    issue_id = server.report()
    added = add(server, issue_id, sent)
    assert added.status == 201
    photo = added.json
    assert set(photo) == {"photoId", "url", "thumbnailUrl", "width", "height", "bytes", "at"}
    shown = server.call("GET", photo["url"])
    image = opened(shown)
    assert image.size == (photo["width"], photo["height"]) == (480, 640)
    assert len(shown.body) == photo["bytes"]
    thumbnail = server.call("GET", photo["thumbnailUrl"])
    assert opened(thumbnail).size == (360, 480)
    for answer in (shown, thumbnail):
        found = opened(answer)
        assert not found.getexif()
        assert not found.getexif().get_ifd(GPS_IFD)
        assert SECRET.encode() not in answer.body
        assert b"Exif" not in answer.body
    thread = server.call("GET", f"/api/issues/{issue_id}/conversation").json
    assert thread["photos"] == [photo]
    assert count(server, issue_id) == 1


@pytest.mark.parametrize(
    ("kind", "mime"),
    [
        ("PNG", "image/png"),
        ("WEBP", "image/webp"),
        ("HEIF", "image/heic"),
        ("HEIF", "image/heif"),
        ("JPEG", "IMAGE/JPEG; q=1"),
    ],
)
def test_other_kinds_of_pictures_become_jpeg(server: RunningServer, kind: str, mime: str):
    issue_id = server.report()
    added = add(server, issue_id, encoded(picture(320, 200), kind), mime)
    assert added.status == 201, added.body
    assert opened(server.call("GET", added.json["url"])).size == (320, 200)


def test_a_large_picture_shrinks(server: RunningServer):
    issue_id = server.report()
    large = encoded(Image.new("RGB", (6000, 3000), "navy"), "JPEG")
    assert opened(server.call("GET", add(server, issue_id, large).json["url"])).size == (2560, 1280)


def test_a_picture_is_served_so_that_it_can_be_nothing_else(server: RunningServer):
    photo = add(server, server.report(), jpeg()).json
    for url in (photo["url"], photo["thumbnailUrl"]):
        headers = server.call("GET", url).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert headers["content-disposition"] == "inline"
        assert headers["cache-control"] == "private, max-age=86400, immutable"


# -- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(100),
        b"%PDF-1.7",
        b"\xff\xd8\xff" + bytes(100),
        jpeg()[:300],
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_other_bytes_are_refused_whatever_they_are_called(server: RunningServer, content: bytes):
    issue_id = server.report()
    answer = add(server, issue_id, content)
    assert answer.status == 400, answer.body
    assert [error["field"] for error in answer.json["errors"]] == ["photo"]
    assert answer.json["message"].endswith(".")
    assert count(server, issue_id) == 0


@pytest.mark.parametrize(
    "mime", ["application/json", "image/svg+xml", "image/gif", "text/html", "multipart/form-data"]
)
def test_another_content_type_is_refused(server: RunningServer, mime: str):
    answer = add(server, server.report(), jpeg(), mime)
    refused(answer, 400, "JPEG, PNG, WebP or HEIC")
    assert answer.json["errors"][0]["field"] == "photo"


def test_twelve_megabytes_fit_and_one_byte_more_does_not(server: RunningServer):
    issue_id = server.report()
    # what follows the end of a JPEG belongs to no picture
    fits = jpeg().ljust(MAX_BYTES, b"\0")
    assert add(server, issue_id, fits).status == 201
    refused(add(server, issue_id, fits + b"\0"), 413, "larger than allowed")
    assert count(server, issue_id) == 1


def test_an_announced_size_is_refused_before_it_is_sent(server: RunningServer):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.putrequest("POST", f"/api/issues/{server.report()}/photos")
    connection.putheader("Content-Type", "image/jpeg")
    connection.putheader("Content-Length", str(10**12))
    connection.endheaders()
    connection.send(b"\xff\xd8\xff")
    connection.sock.shutdown(1)  # nothing more will come
    try:
        status = connection.getresponse().status
    except (http.client.RemoteDisconnected, ConnectionResetError):
        status = 413  # closing the connection is an answer too
    finally:
        connection.close()
    assert status in (400, 413)
    assert server.call("GET", "/api/health").status == 200


def png_claiming(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(100_000), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def test_a_small_file_that_claims_to_be_a_huge_picture_is_refused(server: RunningServer):
    issue_id = server.report()
    bomb = png_claiming(60_000, 60_000)
    assert len(bomb) < 1000
    refused(add(server, issue_id, bomb, "image/png"), 413, "million pixels")
    refused(add(server, issue_id, png_claiming(30_000, 10), "image/png"), 413, "pixels")
    assert add(server, issue_id, jpeg()).status == 201


def test_the_eleventh_photo_is_a_conflict(server: RunningServer, staff: str):
    issue_id = server.report()
    photos = [add(server, issue_id, jpeg()) for _ in range(10)]
    assert [photo.status for photo in photos] == [201] * 10
    refused(add(server, issue_id, jpeg()), 409, "10 photos")
    refused(add(server, issue_id, jpeg(), token=staff), 409, "10 photos")
    assert count(server, issue_id) == 10
    path = photos[3].json["url"]
    assert server.call("DELETE", path, token=staff).status == 204
    assert add(server, issue_id, jpeg()).status == 201


@pytest.mark.smoke
def test_however_many_come_at_once_there_are_ten(each_server: RunningServer):
    server = each_server
    issue_id = server.report()
    content = jpeg()
    statuses: list[int] = []

    def send() -> None:
        statuses.append(add(server, issue_id, content).status)

    threads = [threading.Thread(target=send) for _ in range(14)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(statuses)) == [201, 409]
    photos = server.call("GET", f"/api/issues/{issue_id}/conversation").json["photos"]
    assert statuses.count(201) == len(photos) == count(server, issue_id) <= 10
    files = list((server.data / "files" / "photos" / issue_id).iterdir())
    assert len(files) == 2 * len(photos)  # each and its thumbnail; nothing of those refused


@pytest.mark.parametrize("issue_id", [new_id(), "nothing", "%00", "%2e%2e"])
def test_there_is_no_album_without_an_issue(each_server: RunningServer, issue_id: str):
    answer = add(each_server, issue_id, jpeg())
    assert (answer.status, answer.json) == (404, {"message": "Issue not found"})


# -- whose photo it is --------------------------------------------------------------------------


def test_a_photo_is_found_under_its_own_issue_only(each_server: RunningServer):
    server = each_server
    token = server.sign_in()
    mine, other = server.report(), server.report()
    photo_id = add(server, mine, jpeg()).json["photoId"]
    for issue_id in (other, new_id(), "..", "%00"):
        path = f"/api/issues/{issue_id}/photos/{photo_id}"
        for method, at in (("GET", path), ("GET", path + "/thumbnail"), ("DELETE", path)):
            answer = server.call(method, at, token=token)
            assert (answer.status, answer.json) == (404, {"message": "Photo not found"}), at
    for unknown in (new_id(), "%00", "%2e%2e", photo_id + "-thumbnail"):
        answer = server.call("GET", f"/api/issues/{mine}/photos/{unknown}")
        assert (answer.status, answer.json) == (404, {"message": "Photo not found"})
    assert server.call("GET", f"/api/issues/{mine}/photos/{photo_id}").status == 200


@pytest.mark.parametrize(
    "path",
    ["..%2f..%2f..%2fkeys/photos/signing.json", "x/photos/..%2f..%2f..%2fkeys%2fsigning.json"],
)
def test_no_other_file_is_served_as_a_photo(server: RunningServer, path: str):
    answer = server.call("GET", f"/api/issues/{path}")
    assert answer.status == 404
    assert b"private" not in answer.body


@pytest.mark.smoke
def test_staff_deletes_a_photo_and_its_files_go_too(each_server: RunningServer):
    server = each_server
    token = server.sign_in()
    issue_id = server.report()
    kept, photo = add(server, issue_id, jpeg()).json, add(server, issue_id, jpeg()).json
    assert server.call("DELETE", photo["url"]).status == 401
    deleted = server.call("DELETE", photo["url"], token=token)
    assert (deleted.status, deleted.body) == (204, b"")
    for url in (photo["url"], photo["thumbnailUrl"]):
        assert server.call("GET", url).status == 404
    assert server.call("DELETE", photo["url"], token=token).status == 404
    thread = server.call("GET", f"/api/issues/{issue_id}", token=token).json
    assert thread["photos"] == [kept]
    assert [item["kind"] for item in thread["history"]] == [
        "issue.reported",
        "issue.photo-added",
        "issue.photo-added",
        "issue.photo-removed",
    ]
    assert count(server, issue_id) == 1
    left = {file.name for file in (server.data / "files" / "photos" / issue_id).iterdir()}
    assert left == {kept["photoId"], kept["photoId"] + "-thumbnail"}
