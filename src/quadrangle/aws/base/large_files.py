"""Large files in a bucket of S3, sent in parts."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from botocore.exceptions import ClientError

from quadrangle.aws.base.errors import code_of, translated
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.files import UNKNOWN, FileMissing, check_key

PART = 8 * 1024 * 1024  # bytes held at once; S3 wants at least 5 MiB of all but the last
_CHUNK = 256 * 1024


class S3LargeFiles:
    """Implements kernel.files.LargeFiles: each file is the object of its key in one bucket.

    Parts of what breaks off are given up at once; the bucket's lifecycle removes those of a
    function that was ended. Rights: as S3Files, and AbortMultipartUpload.
    """

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    async def write(self, key: str, pieces: AsyncIterator[bytes], mime: str = UNKNOWN) -> int:
        check_key(key)
        at = {"Bucket": self._bucket, "Key": key}
        with translated():
            upload = self._client.create_multipart_upload(**at, ContentType=mime)["UploadId"]
        try:
            return await self._send(at, upload, pieces)
        except BaseException:
            with contextlib.suppress(Unavailable), translated():
                self._client.abort_multipart_upload(**at, UploadId=upload)
            raise

    async def _send(self, at: dict[str, str], upload: str, pieces: AsyncIterator[bytes]) -> int:
        etags: list[str] = []
        waiting, size = bytearray(), 0
        async for piece in pieces:
            waiting += piece
            size += len(piece)
            while len(waiting) >= PART:
                etags.append(self._part(at, upload, len(etags) + 1, bytes(waiting[:PART])))
                del waiting[:PART]
        if waiting or not etags:
            etags.append(self._part(at, upload, len(etags) + 1, bytes(waiting)))
        parts = [{"ETag": etag, "PartNumber": number} for number, etag in enumerate(etags, 1)]
        with translated():
            self._client.complete_multipart_upload(
                **at, UploadId=upload, MultipartUpload={"Parts": parts}
            )
        return size

    def _part(self, at: dict[str, str], upload: str, number: int, content: bytes) -> str:
        with translated():
            sent = self._client.upload_part(**at, UploadId=upload, PartNumber=number, Body=content)
        return sent["ETag"]

    async def read(self, key: str) -> AsyncIterator[bytes]:
        check_key(key)
        with translated():
            try:
                body = self._client.get_object(Bucket=self._bucket, Key=key)["Body"]
            except ClientError as error:
                if code_of(error) == "NoSuchKey":
                    raise FileMissing from error
                raise
            for chunk in body.iter_chunks(_CHUNK):
                yield chunk

    async def delete(self, key: str) -> None:
        check_key(key)
        with translated():
            self._client.delete_object(Bucket=self._bucket, Key=key)
