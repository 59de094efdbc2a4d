"""Uploads in parts, past the service: what is signed, taken, gone on with, ended."""

import pytest

from quadrangle.videos.uploads import part_rules
from tests.aws.videos.studio import Studio, digest, send


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts as small as S3 takes them."""
    monkeypatch.setattr(part_rules, "USUAL_PART", 5 * part_rules.MIB)


def in_parts(film: bytes) -> list[bytes]:
    size = 5 * part_rules.MIB
    return [film[start : start + size] for start in range(0, len(film), size)]


FILM = bytes(range(256)) * (11 * part_rules.MIB // 256)


async def test_an_upload_goes_on_after_it_broke_off(studio: Studio) -> None:
    async with studio.person() as ada:
        begun = (await ada.post("/api/uploads", json={"size": len(FILM), "title": "F"})).json()
        assert (begun["partSize"], begun["parts"]) == (5 * part_rules.MIB, 3)
        path, parts = f"/api/uploads/{begun['uploadId']}", in_parts(FILM)
        named = [{"number": n + 1, "checksum": digest(part)} for n, part in enumerate(parts)]
        signed = (await ada.post(f"{path}/parts", json={"parts": named})).json()["parts"]
        assert (await send(parts[0], signed[0])).status_code == 200
        assert (await send(parts[2], signed[2])).status_code == 200
        assert (await ada.get(path)).json()["offset"] == 5 * part_rules.MIB
        listed = (await ada.get("/api/uploads")).json()
        assert listed["limits"]["way"] == "parts"
        assert listed["uploads"][0]["partSize"] == 5 * part_rules.MIB

        early = await ada.post(f"{path}/complete", json={})
        assert early.status_code == 409
        assert early.json()["message"].startswith("Not all of this file has arrived")
        assert (await send(parts[1], signed[1])).status_code == 200
        made = (await ada.post(f"{path}/complete", json={})).json()
        assert (await ada.post(f"{path}/complete", json={})).json() == made
        assert (await ada.get(path)).json()["videoId"] == made["videoId"]
        (key,) = studio.objects()
        stored = studio.s3.get_object(Bucket=studio.bucket, Key=key)["Body"].read()
        assert stored == FILM


async def test_what_nobody_completes_is_made_a_video_by_the_sweep(studio: Studio) -> None:
    async with studio.person() as ada:
        begun = (await ada.post("/api/uploads", json={"size": 3})).json()
        path = f"/api/uploads/{begun['uploadId']}"
        named = {"parts": [{"number": 1, "checksum": digest(b"abc")}]}
        signed = (await ada.post(f"{path}/parts", json=named)).json()["parts"]
        await send(b"abc", signed[0])
        done = await studio.tending.tend()
        assert done["called"] == 1
        assert (await studio.tending.tend())["called"] == 0
        assert (await ada.get(path)).json()["videoId"]


async def test_an_address_is_good_for_its_checksum_alone(studio: Studio) -> None:
    async with studio.person() as ada:
        begun = (await ada.post("/api/uploads", json={"size": 3})).json()
        path = f"/api/uploads/{begun['uploadId']}/parts"
        named = {"parts": [{"number": 1, "checksum": digest(b"abc")}]}
        (signed,) = (await ada.post(path, json=named)).json()["parts"]
        signs = signed["url"].lower()
        assert "x-amz-checksum-sha256" in signs
        assert "content-length" in signs


async def test_only_its_owner_sends_to_an_upload(studio: Studio) -> None:
    async with studio.person() as ada, studio.person("ben") as ben, studio.person("") as nobody:
        assert (await nobody.post("/api/uploads", json={"size": 3})).status_code == 401
        begun = (await ada.post("/api/uploads", json={"size": 3})).json()
        path = f"/api/uploads/{begun['uploadId']}"
        named = {"parts": [{"number": 1, "checksum": digest(b"abc")}]}
        assert (await ben.post(f"{path}/parts", json=named)).status_code == 404
        assert (await ben.post(f"{path}/complete", json={})).status_code == 404
        assert (await ben.delete(path)).status_code == 404
        assert (await ada.delete(path)).status_code == 204
        assert (await ada.get(path)).status_code == 404
        begun = studio.s3.list_multipart_uploads(Bucket=studio.bucket)
        assert begun.get("Uploads", []) == []


@pytest.mark.parametrize(
    ("number", "checksum"), [(0, digest(b"a")), (2, digest(b"a")), (1, "YQ=="), (1, "?")]
)
async def test_a_part_that_is_none_is_refused(studio: Studio, number: int, checksum: str) -> None:
    async with studio.person() as ada:
        begun = (await ada.post("/api/uploads", json={"size": 3})).json()
        named = {"parts": [{"number": number, "checksum": checksum}]}
        refused = await ada.post(f"/api/uploads/{begun['uploadId']}/parts", json=named)
        assert refused.status_code == 400


async def test_nothing_empty_and_nothing_too_large_is_begun(studio: Studio) -> None:
    async with studio.person() as ada:
        assert (await ada.post("/api/uploads", json={"size": 0})).status_code == 400
        assert (await ada.post("/api/uploads", json={"size": 2**40})).status_code == 413
