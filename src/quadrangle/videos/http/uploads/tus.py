"""tus 1.0: uploads in pieces, straight from the connection to the disk.

No route of the framework, which would hold bodies in memory. Who asks, and whose the upload is, is
looked at before the first byte.
"""

import asyncio
from collections.abc import Awaitable, Callable
from email.utils import format_datetime
from typing import Any

import structlog

from quadrangle.http.answers.plain import (
    Send,
    answer,
    headers_of,
    method_of,
    refuse,
    refuse_for,
    sender_of,
)
from quadrangle.http.asking.auth import PlainSender, principal_of
from quadrangle.http.asking.limits import Limit
from quadrangle.http.common import Common
from quadrangle.kernel.clock import from_text
from quadrangle.kernel.errors import QuadrangleError
from quadrangle.kernel.principal import Principal
from quadrangle.videos.rules import require_account
from quadrangle.videos.uploads import rules
from quadrangle.videos.uploads.model import Upload
from quadrangle.videos.uploads.receiving import BrokenOff, Uploads, WrongChecksum
from quadrangle.videos.uploads.rules import NewUpload

ROOT = "/api/uploads"
VERSION = "1.0.0"
# Each of its calls, which the description of the framework's routes has not.
CALLS = (
    ("OPTIONS", ROOT),
    ("POST", ROOT),
    ("HEAD", ROOT + "/{uploadId}"),
    ("PATCH", ROOT + "/{uploadId}"),
    ("DELETE", ROOT + "/{uploadId}"),
)
_OF_ALL = ("POST",)
_OF_ONE = ("HEAD", "PATCH", "DELETE")
_EXTENSIONS = "creation,checksum,expiration,termination"
_CHUNK = "application/offset+octet-stream"
WRONG_CHECKSUM = 460  # by tus
UPLOAD_LIMIT = Limit(burst=200, per_hour=2000)
log = structlog.get_logger(__name__)

Receive = Callable[[], Awaitable[Any]]


class Tus:
    """The ASGI application at ROOT and below it. GET is for the routes of the framework."""

    def __init__(self, uploads: Uploads, common: Common) -> None:
        self._uploads = uploads
        self._common = common

    def takes(self, scope: Any) -> bool:
        """Tell whether a request is one of ours."""
        path = scope["path"]
        return (path == ROOT or path.startswith(ROOT + "/")) and method_of(scope) != "GET"

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        headers = headers_of(scope)
        method = headers.get("x-http-method-override", method_of(scope)).upper()
        upload_id = scope["path"][len(ROOT) :].strip("/")
        if "/" in upload_id:
            await refuse(send, 404)
        elif method == "OPTIONS":
            await answer(send, 204, self._about())
        elif method not in (_OF_ONE if upload_id else _OF_ALL):
            allowed = ", ".join(["GET", *(_OF_ONE if upload_id else _OF_ALL), "OPTIONS"])
            await refuse(send, 405, headers={"Allow": allowed})
        elif headers.get("tus-resumable") != VERSION:
            message = f"Please send Tus-Resumable: {VERSION}."
            await refuse(send, 412, message, {"Tus-Version": VERSION})
        else:
            scope["path_template"] = ROOT + "/{uploadId}" if upload_id else ROOT
            await self._dispatch(upload_id, _Call(method, scope, headers, receive, send))

    def _about(self) -> dict[str, str]:
        return {
            "Tus-Resumable": VERSION,
            "Tus-Version": VERSION,
            "Tus-Extension": _EXTENSIONS,
            "Tus-Max-Size": str(self._uploads.limits.largest),
            "Tus-Checksum-Algorithm": ",".join(rules.ALGORITHMS),
            "Allow": "GET, POST, HEAD, PATCH, DELETE, OPTIONS",
        }

    async def _dispatch(self, upload_id: str, call: "_Call") -> None:
        verbs = {"HEAD": self._look, "PATCH": self._go_on, "DELETE": self._end}
        try:
            if not upload_id:
                await self._begin(call)
            else:
                upload = await self._uploads.own(upload_id, await self._sender(call))
                await verbs[call.method](upload, call)
        except WrongChecksum as error:
            await refuse(call.send, WRONG_CHECKSUM, error.message, _OURS)
        except QuadrangleError as error:
            await refuse_for(call.send, error, _OURS)
        except BrokenOff:
            log.info("an upload broke off", upload_id=upload_id)
            await refuse(call.send, 400, "The request broke off.", _OURS)

    async def _sender(self, call: "_Call") -> Principal:
        common = self._common
        address = common.address_of(call.scope)
        asked = sender_of(call.scope, call.headers)
        sender = PlainSender(asked.headers, asked.cookies, call.method)
        return await principal_of(sender, common.authenticator, address)

    async def _begin(self, call: "_Call") -> None:
        who = await self._sender(call)
        self._common.limiter.take("upload", require_account(who), UPLOAD_LIMIT)
        if "upload-length" not in call.headers:
            message = "Please announce the length of the file in Upload-Length."
            await refuse(call.send, 400, message, _OURS)
            return
        length, metadata = call.headers["upload-length"], call.headers.get("upload-metadata", "")
        upload = await self._uploads.create(NewUpload(length, metadata), who)
        # relative, so that it holds behind any prefix
        beside = call.scope["path"].endswith("/")
        location = upload.upload_id if beside else f"uploads/{upload.upload_id}"
        await answer(call.send, 201, {**_OURS, "Location": location, **_expiry(upload)})

    async def _look(self, upload: Upload, call: "_Call") -> None:
        offset = await self._uploads.offset(upload)
        headers = {
            **_OURS,
            "Upload-Offset": str(offset),
            "Upload-Length": str(upload.size),
            "Cache-Control": "no-store",
            **_expiry(upload),
        }
        if upload.metadata:
            headers["Upload-Metadata"] = upload.metadata
        await answer(call.send, 200, headers)

    async def _go_on(self, upload: Upload, call: "_Call") -> None:
        headers = call.headers
        if headers.get("content-type", "").partition(";")[0].strip().lower() != _CHUNK:
            await refuse(call.send, 415, f"Please send it as Content-Type: {_CHUNK}.", _OURS)
            return
        at = rules.number(headers.get("upload-offset", ""), "Upload-Offset")
        checksum = rules.read_checksum(headers.get("upload-checksum"))
        announced = headers.get("content-length", "")
        if announced.isdigit() and at + int(announced) > upload.size:
            await refuse(call.send, 413, "This is more than was announced for it.", _OURS)
            return
        body = _Body(call.receive)
        try:
            offset = await self._uploads.receive(upload, at, checksum, body)
        finally:
            body.close()
        await answer(call.send, 204, {**_OURS, "Upload-Offset": str(offset), **_expiry(upload)})

    async def _end(self, upload: Upload, call: "_Call") -> None:
        await self._uploads.remove(upload)
        await answer(call.send, 204, _OURS)


_OURS = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}


class _Call:
    """One request. `method` is what is done, whatever stood in for it."""

    def __init__(
        self, method: str, scope: Any, headers: dict[str, str], receive: Receive, send: Send
    ) -> None:
        self.method = method
        self.scope, self.headers, self.receive, self.send = scope, headers, receive, send


def _expiry(upload: Upload) -> dict[str, str]:
    if upload.video_id is not None:
        return {}
    return {"Upload-Expires": format_datetime(from_text(upload.expires_at), usegmt=True)}


class _Body:
    """Implements uploads.receiving.Body."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._coming: asyncio.Task[Any] | None = None
        self._ended = False

    def close(self) -> None:
        """Wait for nothing more."""
        if self._coming is not None:
            self._coming.cancel()

    async def next(self, within_s: float) -> bytes | None:
        while not self._ended:
            if self._coming is None:
                self._coming = asyncio.ensure_future(self._receive())
            done, _ = await asyncio.wait({self._coming}, timeout=within_s)
            if not done:  # not cancelled: what it brings is not to be lost
                raise TimeoutError
            message, self._coming = self._coming.result(), None
            if message["type"] != "http.request":
                raise BrokenOff
            self._ended = not message.get("more_body", False)
            if message.get("body"):
                return message["body"]
        return None
