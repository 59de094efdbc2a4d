"""Uploads in parts on S3: each part's address is signed for its size and checksum."""

from collections.abc import Sequence
from typing import Any

from quadrangle.aws.base.errors import translated
from quadrangle.aws.videos import keys
from quadrangle.aws.videos.objects import Objects
from quadrangle.kernel.errors import NotFound
from quadrangle.videos.uploads.model import Upload
from quadrangle.videos.uploads.part_rules import NewPart, SentPart, SignedPart

LIFE_S = 60 * 60  # of an address: a part on a slow line takes minutes
CHECKSUM_HEADER = "x-amz-checksum-sha256"


class S3PartFiles:
    """Implements videos.uploads.ports.PartFiles. A rule of the bucket ends what nobody goes on
    with, should this service not."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    async def begin(self, upload_id: str) -> str:
        given = {"ContentType": "application/octet-stream", "ChecksumAlgorithm": "SHA256"}
        made = await self._do("create_multipart_upload", keys.original(upload_id), **given)
        return made["UploadId"]

    def sign(self, upload: Upload, parts: Sequence[NewPart]) -> list[SignedPart]:
        return [self._signed(upload, part) for part in parts]

    def _signed(self, upload: Upload, part: NewPart) -> SignedPart:
        values = {
            **self._names(upload),
            "PartNumber": part.number,
            "ContentLength": part.size,
            "ChecksumSHA256": part.checksum,
        }
        sign = self._objects.client.generate_presigned_url
        with translated():
            url = sign("upload_part", Params=values, ExpiresIn=LIFE_S)
        return SignedPart(part.number, url, {CHECKSUM_HEADER: part.checksum})

    async def sent(self, upload: Upload) -> list[SentPart] | None:
        client = self._objects.client

        def listed() -> list[SentPart]:
            pages = client.get_paginator("list_parts").paginate(**self._names(upload))
            return [_sent(part) for page in pages for part in page.get("Parts", ())]

        try:
            return await self._objects.do(listed)
        except NotFound:
            return None

    async def join(self, upload: Upload, parts: Sequence[SentPart]) -> None:
        joined = [
            {"PartNumber": part.number, "ETag": part.etag}
            | ({"ChecksumSHA256": part.checksum} if part.checksum else {})
            for part in parts
        ]
        client, names = self._objects.client, self._names(upload)
        await self._objects.do(
            lambda: client.complete_multipart_upload(**names, MultipartUpload={"Parts": joined})
        )

    async def size(self, upload_id: str) -> int:
        return await self._objects.size(keys.original(upload_id)) or 0

    async def remove(self, upload_id: str) -> None:
        await remove_original(self._objects, upload_id)

    def _names(self, upload: Upload) -> dict[str, Any]:
        key = keys.original(upload.upload_id)
        return {"Bucket": self._objects.bucket, "Key": key, "UploadId": upload.multipart}

    async def _do(self, verb: str, key: str, **given: Any) -> Any:
        call = getattr(self._objects.client, verb)
        return await self._objects.do(lambda: call(Bucket=self._objects.bucket, Key=key, **given))


async def remove_original(objects: Objects, upload_id: str) -> None:
    """Remove an uploaded file, and the parts of one that was not joined. Safe to repeat."""
    key, client, bucket = keys.original(upload_id), objects.client, objects.bucket
    begun = await objects.do(lambda: client.list_multipart_uploads(Bucket=bucket, Prefix=key))
    for each in begun.get("Uploads", ()):
        await _abort(objects, key, each["UploadId"])
    await objects.delete(key)


async def _abort(objects: Objects, key: str, multipart: str) -> None:
    abort = objects.client.abort_multipart_upload
    try:
        await objects.do(lambda: abort(Bucket=objects.bucket, Key=key, UploadId=multipart))
    except NotFound:
        return


def _sent(part: dict[str, Any]) -> SentPart:
    return SentPart(part["PartNumber"], part["Size"], part["ETag"], part.get("ChecksumSHA256", ""))
