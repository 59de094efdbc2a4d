"""Files of meetings that go between browsers and the bucket of desktops, by addresses that are
signed for one object and some minutes: no function could take or give as much.

    incoming/<key>    what a browser sent, until it is taken in; the bucket forgets it after a day
"""

from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from quadrangle.aws.base.errors import code_of, translated
from quadrangle.kernel.files import check_key

_MISSING = {"404", "NoSuchKey", "NotFound"}


class S3Arrivals:
    """Implements meetings.handouts.ports.Arrivals. `s3` is a client of S3."""

    def __init__(self, s3: Any, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    async def address(self, key: str, size: int, life: timedelta) -> str:
        check_key(key)
        with translated():
            # the size is signed too: S3 takes exactly so much
            return self._s3.generate_presigned_url(
                "put_object",
                Params={"Bucket": self._bucket, "Key": _incoming(key), "ContentLength": size},
                ExpiresIn=int(life.total_seconds()),
            )

    async def keep(self, key: str) -> int | None:
        check_key(key)
        sent = {"Bucket": self._bucket, "Key": _incoming(key)}
        with translated():
            try:
                size = self._s3.head_object(**sent)["ContentLength"]
            except ClientError as error:
                if code_of(error) in _MISSING:
                    return None
                raise
            self._s3.copy_object(Bucket=self._bucket, Key=key, CopySource=sent)
            self._s3.delete_object(**sent)
        return size


class S3Links:
    """Implements meetings.materials.ports.Links."""

    def __init__(self, s3: Any, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    async def address(self, key: str, name: str, mime: str, life: timedelta) -> str:
        from quadrangle.http.answers.downloads import (
            disposition,  # not in functions that answer nobody
        )

        check_key(key)
        with translated():
            return self._s3.generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self._bucket,
                    "Key": key,
                    "ResponseContentType": mime,
                    "ResponseContentDisposition": disposition(name),
                },
                ExpiresIn=int(life.total_seconds()),
            )


def _incoming(key: str) -> str:
    return f"incoming/{key}"
