"""Uploads by tus: what is acknowledged is there, and nothing else is."""

import base64
import hashlib
import socket
import time

import httpx
import pytest

from tests.http.videos.film import CHUNK, Uploader, metadata
from tests.running import RunningServer, wait_for

MIB = 2**20


def checksum(data: bytes, algorithm: str = "sha256") -> str:
    digest = hashlib.new(algorithm, data).digest()
    return f"{algorithm} {base64.b64encode(digest).decode()}"


def test_what_the_server_can_do_is_told_to_anyone(server: RunningServer):
    answer = httpx.options(server.base + "/api/uploads")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-extension"] == "creation,checksum,expiration,termination"
    assert int(answer.headers["tus-max-size"]) == 8192 * MIB
    assert answer.headers["tus-checksum-algorithm"] == "sha1,sha256,md5"


def test_an_answer_that_was_lost_is_no_harm(ada: Uploader):
    """PATCH 1 MiB at 0, drop the answer, repeat."""
    data = bytes(range(256)) * 8192  # 2 MiB
    path = ada.begin(len(data), title="Lost")
    assert ada.send(path, data[:MIB], 0).headers["upload-offset"] == str(MIB)
    repeated = ada.send(path, data[:MIB], 0)
    assert repeated.status_code == 409
    assert ada.offset(path) == MIB
    assert ada.send(path, data[MIB:], MIB).status_code == 204
    video = ada.http.get(path).json()
    assert video["offset"] == video["size"] == len(data)
    assert ada.video(video["videoId"])["file_size"] == len(data)


def test_head_says_all_and_is_kept_by_nobody(ada: Uploader):
    sent = metadata(title="Größe", filename="a.mp4")
    path = ada.begin(10, title="Größe", filename="a.mp4")
    answer = ada.http.head(path)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["upload-length"] == "10"
    assert answer.headers["upload-metadata"] == sent
    assert answer.headers["upload-expires"].endswith("GMT")
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert (
        "/"
        not in ada.http.post("/api/uploads/", headers={"Upload-Length": "1"}).headers["location"]
    )
    assert ada.http.delete(path).status_code == 204


def test_the_version_is_asked_for(ada: Uploader):
    answer = httpx.post(ada.http.base_url.join("/api/uploads"), headers={"Upload-Length": "1"})
    assert answer.status_code == 412
    assert answer.headers["tus-version"] == "1.0.0"


def test_no_bytes_are_whole_at_once_and_fail_with_a_sentence(ada: Uploader):
    video_id = ada.upload(b"", title="Nothing")
    failed = ada.until(video_id, "failed")
    assert failed["failure"].endswith(".")
    assert failed["can_retry"] is False


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5"])
def test_a_wrong_checksum_leaves_nothing(ada: Uploader, algorithm: str):
    data = b"x" * 3000
    path = ada.begin(len(data))
    assert ada.send(path, data[:1000], 0).status_code == 204
    wrong = {"Upload-Checksum": checksum(b"other", algorithm)}
    assert ada.send(path, data[1000:2000], 1000, **wrong).status_code == 460
    assert ada.offset(path) == 1000
    right = {"Upload-Checksum": checksum(data[1000:], algorithm)}
    assert ada.send(path, data[1000:], 1000, **right).status_code == 204


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Checksum": "crc32 AAAA"}, 400),
        ({"Upload-Checksum": "sha1 ???"}, 400),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "x"}, 400),
        ({"Upload-Offset": "1"}, 409),
        ({"Content-Type": "application/json"}, 415),
    ],
)
def test_what_cannot_be_taken_leaves_nothing(ada: Uploader, headers, status: int):
    path = ada.begin(10)
    assert ada.send(path, b"12345", 0, **headers).status_code == status
    assert ada.offset(path) == 0


def test_more_than_was_announced_is_refused(ada: Uploader):
    path = ada.begin(10)
    assert ada.send(path, b"x" * 11, 0).status_code == 413
    assert ada.offset(path) == 0

    def endless():
        for _ in range(100):
            yield b"x" * 4

    headers = {"Upload-Offset": "0", "Content-Type": CHUNK}
    assert ada.http.patch(path, headers=headers, content=endless()).status_code == 413
    assert ada.offset(path) <= 10


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Upload-Length": "x"},
        {"Upload-Length": "-1"},
        {"Upload-Length": "1", "Upload-Metadata": "title ???"},
        {"Upload-Length": "1", "Upload-Metadata": metadata(visibility="everyone")},
        {"Upload-Length": "1", "Upload-Metadata": "title YQ==,title YQ=="},
    ],
)
def test_an_announcement_that_says_nothing_is_refused(ada: Uploader, headers):
    answer = ada.http.post("/api/uploads", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["message"]


def test_a_file_that_is_too_large_is_refused(ada: Uploader):
    answer = ada.http.post("/api/uploads", headers={"Upload-Length": str(10**12)})
    assert answer.status_code == 413


def test_nobody_gets_near_anothers_upload(ada: Uploader, ben: Uploader, server: RunningServer):
    path = ada.begin(10)
    assert ben.send(path, b"evil", 0).status_code == 404
    assert ben.http.head(path).status_code == 404
    assert ben.http.get(path).status_code == 404
    assert ben.http.delete(path).status_code == 404
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": CHUNK}
    url = server.base + path
    assert httpx.patch(url, headers=headers, content=b"evil").status_code == 401
    assert httpx.post(server.base + "/api/uploads", headers=headers).status_code == 401
    assert ada.offset(path) == 0


def test_a_method_that_stands_in_for_another_opens_nothing(ada: Uploader, server: RunningServer):
    path = ada.begin(10)
    token = ada.http.headers["Authorization"].partition(" ")[2]
    headers = {
        "Cookie": f"quadrangle_session={token}",
        "Tus-Resumable": "1.0.0",
        "X-HTTP-Method-Override": "DELETE",
        "Origin": "https://elsewhere.example",
    }
    assert httpx.head(server.base + path, headers=headers).status_code == 403
    assert ada.offset(path) == 0
    foreign = {**headers, "X-Requested-With": "quadrangle"}
    assert httpx.post(server.base + path, headers=foreign).status_code == 403
    ours = {**foreign, "Origin": server.base}
    assert httpx.post(server.base + path, headers=ours).status_code == 204
    assert ada.http.head(path).status_code == 404


def test_an_upload_that_is_a_video_is_deleted_as_a_video(ada: Uploader):
    path = ada.begin(3)
    assert ada.send(path, b"abc", 0).status_code == 204
    answer = ada.http.delete(path)
    assert answer.status_code == 409
    assert answer.json()["message"].endswith(".")
    assert ada.http.get(path).json()["videoId"]


def test_a_name_is_never_a_path(ada: Uploader):
    path = ada.begin(10, filename="../../etc/pass\nwd.mp4")
    told = ada.http.get(path).json()
    assert told["filename"] == "passwd.mp4"
    assert told["title"] == "passwd"


def test_who_asks_is_known_before_the_first_byte(server: RunningServer):
    """The body is announced and not sent: the answer comes all the same."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(
            b"PATCH /api/uploads/00000000-0000-4000-8000-000000000000 HTTP/1.1\r\nHost: x\r\n"
            b"Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Length: 1000000\r\n"
            b"Content-Type: application/offset+octet-stream\r\n\r\n"
        )
        assert line.recv(100).startswith(b"HTTP/1.1 401")


def stalled(server: RunningServer, ada: Uploader, path: str, sent: bytes) -> socket.socket:
    """Begin a request that sends some of what it announces, and then nothing."""
    line = socket.create_connection(("127.0.0.1", server.port))
    token = ada.http.headers["authorization"]
    head = (
        f"PATCH {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nTus-Resumable: 1.0.0\r\n"
        f"Upload-Offset: 0\r\nContent-Length: 2000000\r\nContent-Type: {CHUNK}\r\n\r\n"
    )
    line.sendall(head.encode() + sent)
    return line


@pytest.mark.parametrize("verb", ["HEAD", "PATCH", "DELETE"])
def test_a_stalled_writer_is_taken_over_within_seconds(
    server: RunningServer, ada: Uploader, verb: str
):
    path = ada.begin(2_000_000)
    with stalled(server, ada, path, b"x" * 1000):
        time.sleep(1)
        began = time.monotonic()
        if verb == "HEAD":
            assert ada.offset(path) == 1000
        elif verb == "DELETE":
            assert ada.http.delete(path).status_code == 204
        else:
            assert ada.send(path, b"y", 0).status_code == 409
            assert ada.send(path, b"y" * 10, 1000).headers["upload-offset"] == "1010"
        assert time.monotonic() - began < 5


def test_what_broke_off_is_kept_and_a_checked_part_is_not(server: RunningServer, ada: Uploader):
    path = ada.begin(2_000_000)
    stalled(server, ada, path, b"x" * 5000).close()
    wait_for(lambda: ada.http.get(path).json()["offset"] == 5000, "what broke off")
    assert ada.offset(path) == 5000
    other = ada.begin(2_000_000)
    line = socket.create_connection(("127.0.0.1", server.port))
    token = ada.http.headers["authorization"]
    head = (
        f"PATCH {other} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nTus-Resumable: 1.0.0\r\n"
        f"Upload-Offset: 0\r\nUpload-Checksum: {checksum(b'')}\r\n"
        f"Content-Length: 2000000\r\nContent-Type: {CHUNK}\r\n\r\n"
    )
    line.sendall(head.encode() + b"x" * 1_500_000)
    time.sleep(0.5)
    assert ada.http.get(other).json()["offset"] == 0
    line.close()
    assert ada.offset(other) == 0


def test_ones_uploads_are_listed_with_what_may_be_uploaded(ada: Uploader):
    path = ada.begin(10, title="Listed")
    told = ada.http.get("/api/uploads").json()
    assert path.rsplit("/", 1)[1] in [each["uploadId"] for each in told["uploads"]]
    assert told["limits"]["largest"] == 8192 * MIB
    assert told["limits"]["refusal"] is None
    assert ada.http.delete(path).status_code == 204
    assert ada.http.get(path).status_code == 404
