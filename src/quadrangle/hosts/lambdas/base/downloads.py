"""Files made for the one who asks, by functions whose answers have an end."""

from collections.abc import AsyncIterator
from datetime import timedelta
from tempfile import SpooledTemporaryFile
from typing import Any

from litestar import Response

from quadrangle.aws.base.clients import client_later
from quadrangle.aws.base.exports import S3Exports
from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.http.answers.csv_files import MEDIA_TYPE
from quadrangle.http.answers.downloads import disposition, headers_of
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import InvalidInput

# Bytes. Lambda takes 6 MB from a function (its quotas: invocation payload), and there the answer is
# one text of JSON, in which a byte of ours can become six, as in \u0001.
ANSWERED = 1_000_000
# API Gateway gives up after 29 s; by then the file must be in the bucket.
PATIENCE = timedelta(seconds=20)
_IN_MEMORY = 16_000_000  # bytes; what is longer is put together on the function's disk
_TOO_MUCH = (
    "There is too much to export at once. Please narrow it, for instance to fewer days or to one "
    "status, and export the rest after that."
)


class StoredDownloads:
    """Implements http.answers.downloads.Downloads: a long file waits in a bucket, the answer says
    where."""

    def __init__(self, exports: S3Exports, clock: Clock) -> None:
        self._exports = exports
        self._clock = clock

    async def answer(self, name: str, pieces: AsyncIterator[str]) -> Response[Any]:
        until = self._clock.now() + PATIENCE
        with SpooledTemporaryFile(_IN_MEMORY) as file:
            async for piece in pieces:
                if self._clock.now() > until:
                    raise InvalidInput(message=_TOO_MUCH)
                file.write(piece.encode())
            if file.tell() > ANSWERED:
                address = self._exports.keep(
                    file, f"{MEDIA_TYPE}; charset=utf-8", disposition(name)
                )
                headers = {"Location": address, "Cache-Control": "no-store"}
                return Response(b"", status_code=302, headers=headers)
            file.seek(0)
            return Response(file.read(), media_type=MEDIA_TYPE, headers=headers_of(name))


def stored_downloads(parts: FunctionParts) -> StoredDownloads:
    exports = S3Exports(client_later("s3"), parts.environment.photos_bucket)
    return StoredDownloads(exports, parts.clock)
