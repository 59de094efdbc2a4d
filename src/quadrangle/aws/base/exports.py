"""Files that wait in a bucket for the one who asked for them, for a short time."""

from tempfile import SpooledTemporaryFile
from typing import Any

from quadrangle.aws.base.errors import translated
from quadrangle.kernel.ids import new_id

LINK_LIFE_S = 5 * 60


class S3Exports:
    """Keeps them under `exports/`, which the bucket's lifecycle empties after a day.

    The role needs s3:PutObject and s3:GetObject there: an address can do what its signer may.
    """

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def keep(self, file: SpooledTemporaryFile[bytes], mime: str, disposition: str) -> str:
        """Store the file from its start; return an address of it that holds for LINK_LIFE_S.

        Who opens it is told `mime` and, as Content-Disposition, `disposition`. Raises Unavailable.
        """
        at = {"Bucket": self._bucket, "Key": f"exports/{new_id()}"}
        file.seek(0)
        with translated():
            self._client.put_object(
                **at, Body=file, ContentType=mime, ContentDisposition=disposition
            )
            return self._client.generate_presigned_url(
                "get_object", Params=at, ExpiresIn=LINK_LIFE_S
            )
