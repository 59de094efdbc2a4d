"""The shapes of uploads in parts on the wire."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from quadrangle.http.openapi import Id, Instant
from quadrangle.videos.uploads import part_rules
from quadrangle.videos.uploads.model import Upload
from quadrangle.videos.uploads.part_rules import SignedPart

_Text = Annotated[str, Meta(max_length=20_000)]
_MOST = 10**15


class BegunBody(msgspec.Struct):
    """A file that is about to be sent: its bytes, and what tus has in `Upload-Metadata`."""

    size: Annotated[int, Meta(ge=0, le=_MOST)]
    title: _Text = ""
    filename: _Text = ""
    description: _Text = ""
    visibility: _Text = ""


class PartUploadBody(msgspec.Struct, rename="camel"):
    """`parts` are numbered from 1; all but the last are of `part_size` bytes."""

    upload_id: Id
    size: int
    part_size: int
    parts: int
    expires_at: Instant


class NamedPart(msgspec.Struct):
    number: int
    checksum: Annotated[str, Meta(max_length=200)]


class PartsBody(msgspec.Struct):
    parts: Annotated[list[NamedPart], Meta(max_length=part_rules.SIGNED_AT_ONCE)]


class SignedPartBody(msgspec.Struct):
    number: int
    url: str
    headers: dict[str, str]


class SignedParts(msgspec.Struct, rename="camel"):
    parts: list[SignedPartBody]
    expires_at: Instant


class MadeBody(msgspec.Struct, rename="camel"):
    upload_id: Id
    video_id: int


def given(body: BegunBody) -> Mapping[str, str]:
    """Return what is said of a file, by the words of tus."""
    named = msgspec.structs.asdict(body)
    return {name: value for name, value in named.items() if name != "size" and value}


def part_upload_body(upload: Upload) -> PartUploadBody:
    parts = part_rules.count(upload)
    return PartUploadBody(upload.upload_id, upload.size, upload.part_size, parts, upload.expires_at)


def signed_parts(parts: Sequence[SignedPart], expires_at: str) -> SignedParts:
    signed = [SignedPartBody(part.number, part.url, part.headers) for part in parts]
    return SignedParts(signed, expires_at)
