"""Files in a bucket of S3."""

from typing import Any

from botocore.exceptions import ClientError

from quadrangle.aws.base.errors import code_of, translated
from quadrangle.kernel.files import UNKNOWN, FileMissing, check_key


class S3Files:
    """Implements kernel.files.Files: each file is the object of its key in one private bucket.

    Whoever calls this needs `s3:ListBucket` on the bucket besides the right to read objects:
    without it S3 answers for a missing file as for a forbidden one, and `read` is Unavailable.
    """

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    async def write(self, key: str, content: bytes, mime: str = UNKNOWN) -> None:
        """Put `content` under `key`, replacing what was there. Who reads it is told `mime`."""
        check_key(key)
        with translated():
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=mime)

    async def read(self, key: str) -> bytes:
        """Return the content under `key`. Raises FileMissing."""
        check_key(key)
        with translated():
            try:
                return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            except ClientError as error:
                if code_of(error) == "NoSuchKey":
                    raise FileMissing from error
                raise

    async def delete(self, key: str) -> None:
        """Remove the file under `key`, if there is one."""
        check_key(key)
        with translated():
            self._client.delete_object(Bucket=self._bucket, Key=key)
