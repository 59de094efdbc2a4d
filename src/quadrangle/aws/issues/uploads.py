"""Pictures that browsers send straight to the bucket, as no function could take 12 MB in.

| key | what | how long |
|---|---|---|
| incoming/<issueId>/<uploadId> | what the browser sent | until it was looked at, a day at most |
| uploads/<issueId>/<uploadId> | PhotoUpload as JSON: who may send, and what came of it | a day |

The lifecycle rules of the bucket remove both.
"""

import re
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from quadrangle.aws.base.errors import translated
from quadrangle.aws.base.files import S3Files
from quadrangle.issues.photos.ports import PhotoUpload, UploadForm
from quadrangle.kernel.files import FileMissing
from quadrangle.kernel.ids import is_id

FORM_LIFE_S = 5 * 60
_INCOMING = re.compile(r"incoming/([^/]+)/([^/]+)")


class S3PhotoUploads:
    """Implements issues.ports.PhotoUploads with presigned POST forms."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket
        self._files = S3Files(client, bucket)

    async def begin(self, upload: PhotoUpload, most_bytes: int) -> UploadForm:
        await self._save(upload)
        with translated():
            form = self._client.generate_presigned_post(
                self._bucket,
                _incoming(upload),
                Fields={"Content-Type": upload.mime},
                Conditions=[
                    {"Content-Type": upload.mime},
                    ["content-length-range", 1, most_bytes],
                ],
                ExpiresIn=FORM_LIFE_S,
            )
        return UploadForm(form["url"], "POST", form["fields"], {})

    async def find(self, issue_id: str, upload_id: str) -> PhotoUpload | None:
        try:
            stored = await self._files.read(_record(issue_id, upload_id))
        except FileMissing:
            return None
        return msgspec.json.decode(stored, type=PhotoUpload)

    async def content(self, upload: PhotoUpload) -> bytes | None:
        try:
            return await self._files.read(_incoming(upload))
        except FileMissing:
            return None

    async def settle(self, upload: PhotoUpload) -> None:
        await self._save(upload)
        await self._files.delete(_incoming(upload))

    async def _save(self, upload: PhotoUpload) -> None:
        key = _record(upload.issue_id, upload.upload_id)
        await self._files.write(key, msgspec.json.encode(upload), "application/json")


def arrivals(event: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the issue and the upload of each object an event of S3 tells of.

    Keys that are none of an upload are left out: nothing is known of such objects.
    """
    keys = (unquote_plus(record["s3"]["object"]["key"]) for record in event.get("Records", ()))
    found = (match.groups() for key in keys if (match := _INCOMING.fullmatch(key)))
    return [(issue, upload) for issue, upload in found if is_id(issue) and is_id(upload)]


def _incoming(upload: PhotoUpload) -> str:
    return f"incoming/{upload.issue_id}/{upload.upload_id}"


def _record(issue_id: str, upload_id: str) -> str:
    return f"uploads/{issue_id}/{upload_id}"
