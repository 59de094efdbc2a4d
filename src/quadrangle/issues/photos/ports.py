"""What photos need from the world."""

from typing import Literal, Protocol

import msgspec

from quadrangle.kernel.principal import Principal

# How photos come: in requests to the service, or announced to it and sent straight to the store.
PhotoWay = Literal["direct", "presigned"]


class Picture(Protocol):
    """A picture made safe: re-encoded, without metadata."""

    @property
    def content(self) -> bytes: ...
    @property
    def mime(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def thumbnail(self) -> bytes: ...


class Pictures(Protocol):
    """Re-encodes what people upload. Raises InvalidInput or TooLarge with a sentence, and
    TooManyRequests or Unavailable while too many arrive: `sender` is whose share they take."""

    async def re_encode(self, content: bytes, sender: str = "") -> Picture: ...


class PhotoLink(msgspec.Struct, frozen=True):
    """An address that gives a picture to whoever has it, for `seconds` from now."""

    url: str
    seconds: int


class PhotoLinks(Protocol):
    """Gives out addresses of stored pictures, where something else than the service serves them."""

    def link(self, key: str) -> PhotoLink:
        """Return where to get the file of `key`. Raises Unavailable."""
        ...


class PhotoUpload(msgspec.Struct, frozen=True, rename="camel"):
    """A picture that goes past the service, straight to the store. `actor` is who sends it.

    `message` is the sentence of a refusal. The photo that is made of it has the upload's id, so
    that there is one at most.
    """

    upload_id: str
    issue_id: str
    mime: str
    actor: Principal
    at: str
    state: Literal["waiting", "refused", "done"] = "waiting"
    message: str | None = None


class UploadForm(msgspec.Struct, frozen=True):
    """How to send the bytes: with `fields` as a form whose last part, `file`, they are; without
    as the body itself."""

    url: str
    method: str
    fields: dict[str, str] | None
    headers: dict[str, str]


class PhotoUploads(Protocol):
    """Takes in pictures that go past the service. All methods raise Unavailable.

    Uploads are forgotten after a day. Ids have been looked at by the caller.
    """

    async def begin(self, upload: PhotoUpload, most_bytes: int) -> UploadForm:
        """Remember the upload and allow 1 to `most_bytes` of its type to be sent, for minutes."""
        ...

    async def find(self, issue_id: str, upload_id: str) -> PhotoUpload | None: ...

    async def content(self, upload: PhotoUpload) -> bytes | None:
        """Return what was sent; None when nothing is there, or not any more."""
        ...

    async def settle(self, upload: PhotoUpload) -> None:
        """Remember what came of it, and remove what was sent; safe to repeat."""
        ...
