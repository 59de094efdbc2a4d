"""The bucket of videos, as what keeps files in it wants it. Calls wait in threads of their own."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from quadrangle.aws.base.errors import code_of, translated
from quadrangle.kernel.errors import NotFound, Unavailable

T = TypeVar("T")
_PIECE = 8 * 2**20
_DELETED_AT_ONCE = 1000
_MISSING = ("NoSuchKey", "NoSuchUpload", "404")


class Objects:
    """One bucket. Each call raises Unavailable when S3 refuses or does not answer."""

    def __init__(self, client: Any, bucket: str) -> None:
        self.client = client
        self.bucket = bucket

    async def do(self, call: Callable[[], T]) -> T:
        """Do something that waits; raises NotFound for what is not there."""

        def done() -> T:
            with translated():
                try:
                    return call()
                except ClientError as error:
                    if code_of(error) in _MISSING:
                        raise NotFound("There is no such file.") from error
                    raise

        return await asyncio.to_thread(done)

    async def put(self, key: str, content: bytes, mime: str, cache: str) -> None:
        given = {"Body": content, "ContentType": mime, "CacheControl": cache}
        await self.do(lambda: self.client.put_object(Bucket=self.bucket, Key=key, **given))

    async def put_file(self, key: str, path: Path, mime: str, cache: str) -> None:
        """Put a file whose size S3 takes at once: 5 GB."""

        def put() -> None:
            with open(path, "rb") as file:
                given = {"Body": file, "ContentType": mime, "CacheControl": cache}
                self.client.put_object(Bucket=self.bucket, Key=key, **given)

        await self.do(put)

    async def get(self, key: str) -> bytes:
        get = self.client.get_object
        return await self.do(lambda: get(Bucket=self.bucket, Key=key)["Body"].read())

    async def get_file(self, key: str, path: Path) -> None:
        """Bring an object to this machine, in pieces: a film is larger than memory."""

        def bring() -> None:
            found = self.client.get_object(Bucket=self.bucket, Key=key)
            with open(path, "wb") as file:
                for piece in found["Body"].iter_chunks(_PIECE):
                    file.write(piece)

        await self.do(bring)

    async def size(self, key: str) -> int | None:
        """Return the bytes of an object, None for none."""
        head = self.client.head_object
        try:
            return await self.do(lambda: head(Bucket=self.bucket, Key=key)["ContentLength"])
        except NotFound:
            return None

    async def delete(self, *keys: str) -> None:
        for start in range(0, len(keys), _DELETED_AT_ONCE):
            named = [{"Key": key} for key in keys[start : start + _DELETED_AT_ONCE]]
            await self._delete({"Objects": named, "Quiet": True})

    async def _delete(self, named: dict[str, Any]) -> None:
        delete = self.client.delete_objects
        answer = await self.do(lambda: delete(Bucket=self.bucket, Delete=named))
        if answer.get("Errors"):
            raise Unavailable() from LookupError(str(answer["Errors"][:3]))

    async def delete_below(self, prefix: str, keep: tuple[str, ...] = ()) -> None:
        """Delete all whose keys begin so, but for those that begin with `keep`."""
        found = await self.do(lambda: list(self._below(prefix)))
        await self.delete(*(key for key in found if not key.startswith(keep)))

    def _below(self, prefix: str) -> Iterator[str]:
        pages = self.client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.bucket, Prefix=prefix):
            yield from (each["Key"] for each in page.get("Contents", ()))
