"""Files as they lie on the disk, and what rows say of them."""

from datetime import datetime

import msgspec

from quadrangle.videos.model import Status


class Found(msgspec.Struct, frozen=True):
    """The folder of a key: what lies in it, each with the instant of its last change.

    Files of captions are named with their folder: "captions/en-0123.vtt".
    """

    key: str
    changed: datetime
    parts: dict[str, datetime]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What rows say of a key. `busy`: it is being sent, made or waits for its turn; or it holds
    what another key's video is made of. Nothing of it is to be touched then."""

    folder: str = ""
    captions: frozenset[str] = frozenset()
    busy: bool = False


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A video, and where its files are to be. `source` is the key of the upload that is shown."""

    video_id: int
    title: str
    status: Status
    key: str
    source: str
    folder: str
    captions: tuple[str, ...]
