"""What an upload must say of itself, and how the words of tus are read."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import InvalidInput, TooLarge
from quadrangle.kernel.text import Checked
from quadrangle.videos.model import Details, Status, Video, Visibility
from quadrangle.videos.rules import LONGEST_DESCRIPTION, LONGEST_TITLE, visibility_within
from quadrangle.videos.uploads.model import OF_MEETING, Upload, UploadLimits

ALGORITHMS = ("sha1", "sha256", "md5")
LONGEST_METADATA = 16 * 1024
_NUMBER = re.compile(r"[0-9]{1,18}")
_KEY = re.compile(r"[!-+\--~]+")  # visible signs but for the comma
_UNNAMED = "Untitled"


class NewUpload(msgspec.Struct, frozen=True):
    """What a client announces, as its headers have it."""

    length: str
    metadata: str


def nobodys(upload: Upload) -> Upload:
    """Return what is kept of an upload whose owner has closed their account: which video it
    became, by which a film that is taken back is found."""
    return msgspec.structs.replace(
        upload, user_id="", owner_name="", title="", filename="", description="", metadata=""
    )


def new_upload(
    new: NewUpload, upload_id: str, owner: tuple[str, str], now: datetime, limits: UploadLimits
) -> Upload:
    """Return the upload to keep; `owner` is an account's id and name.

    Raises InvalidInput, TooLarge.
    """
    size = number(new.length, "Upload-Length")
    upload = described(size, read_metadata(new.metadata), upload_id, owner, now, limits)
    return msgspec.structs.replace(upload, metadata=new.metadata)


def described(
    size: int,
    given: Mapping[str, str],
    upload_id: str,
    owner: tuple[str, str],
    now: datetime,
    limits: UploadLimits,
) -> Upload:
    """Return the same from what is `given` of a file of `size` bytes, by the words of tus."""
    if size > limits.largest:
        raise TooLarge(f"This file is larger than {in_words(limits.largest)}, which are the most.")
    checked = Checked()
    filename = file_name(given.get("filename", given.get("name", "")))
    title = given.get("title", "").strip() or filename.rpartition(".")[0] or filename or _UNNAMED
    title = checked.line("title", title, LONGEST_TITLE)
    told = given.get("description", "")
    description = checked.optional_text("description", told, LONGEST_DESCRIPTION)
    word = given.get("visibility", "") or Visibility.PRIVATE
    if word not in list(Visibility):
        checked.fault("visibility", f"This must be one of: {', '.join(Visibility)}.")
    replaces = given.get("replaces", "").strip()
    if replaces and not _NUMBER.fullmatch(replaces):
        checked.fault("replaces", "Please name the video by its number.")
    if checked.errors:
        raise InvalidInput(checked.errors)
    return Upload(
        upload_id=upload_id,
        user_id=owner[0],
        owner_name=owner[1],
        size=size,
        title=title,
        filename=filename,
        description=description,
        visibility=Visibility(word),
        replaces=int(replaces) if replaces else None,
        created_at=to_text(now),
        expires_at=expiry(now, limits),
    )


def expiry(now: datetime, limits: UploadLimits) -> str:
    """Return until when an upload waits that somebody has added to now."""
    return to_text(now + timedelta(hours=limits.hours))


def video_of(upload: Upload, now: datetime) -> Video:
    """Return the video that a whole upload becomes."""
    of_meeting = upload.metadata == OF_MEETING
    return Video(
        user_id=upload.user_id,
        title=upload.title,
        description=upload.description,
        key=upload.upload_id,
        visibility=visibility_within(upload.visibility, of_meeting=of_meeting),
        status=Status.UPLOADED,
        file_size=upload.size,
        created_at=to_text(now),
        updated_at=to_text(now),
        details=Details(
            owner_name=upload.owner_name, filename=upload.filename, of_meeting=of_meeting
        ),
    )


def number(text: str, header: str) -> int:
    """Read a number of bytes. Raises InvalidInput."""
    if not _NUMBER.fullmatch(text):
        raise InvalidInput.at(header, f"{header} must be a number of bytes.")
    return int(text)


def read_metadata(header: str) -> dict[str, str]:
    """Read `Upload-Metadata`: words and values in base64. Raises InvalidInput."""
    if len(header) > LONGEST_METADATA:
        raise InvalidInput.at("Upload-Metadata", "Upload-Metadata is too long.")
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = pair.partition(" ")
        try:
            text = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise _unreadable() from error
        if not _KEY.fullmatch(key) or key in found:
            raise _unreadable()
        found[key] = text
    return found


def _unreadable() -> InvalidInput:
    return InvalidInput.at(
        "Upload-Metadata", "Upload-Metadata must be words, each with a value in base64."
    )


def file_name(text: str) -> str:
    """Return a file's name for people to read: of a path its end, without control signs."""
    name = re.split(r"[/\\]", text)[-1]
    shown = "".join(sign for sign in name if sign.isprintable()).strip().strip(".")
    return shown[-LONGEST_TITLE:]


class Checksum(msgspec.Struct, frozen=True):
    """What the bytes of one request must come to."""

    algorithm: str
    digest: bytes

    def begin(self) -> "hashlib._Hash":
        """Return what takes the bytes in."""
        return hashlib.new(self.algorithm, usedforsecurity=False)


def read_checksum(header: str | None) -> Checksum | None:
    """Read `Upload-Checksum`. Raises InvalidInput."""
    if header is None:
        return None
    algorithm, _, encoded = header.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        known = ", ".join(ALGORITHMS)
        raise InvalidInput.at("Upload-Checksum", f"Checksums here are made by one of: {known}.")
    try:
        digest = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput.at("Upload-Checksum", "The checksum must be in base64.") from error
    return Checksum(algorithm, digest)


def in_words(size: int) -> str:
    """Return a number of bytes as people read it."""
    for unit, worth in (("GB", 2**30), ("MB", 2**20), ("kB", 2**10)):
        if size >= worth:
            return f"{size / worth:.3g} {unit}"
    return f"{size} bytes"
