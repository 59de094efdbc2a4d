"""What watching needs: addresses of media that hold for a while, for those who may see them."""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from quadrangle.videos.model import Video
from quadrangle.videos.processing.ports import MASTER
from quadrangle.videos.shared_links.model import SharedLink

CAPTIONS = "captions"


class Pass(msgspec.Struct, frozen=True):
    """A cookie that opens addresses below `path`, for `seconds`."""

    name: str
    value: str
    path: str
    seconds: int


class Grant(msgspec.Struct, frozen=True):
    """Addresses of one video's media. `path` is that of the rendition and `captions` that of its
    captions, both with a slash at their end. `files` are those to take along, by their names, for
    those who may. All open until `expires_at`, an instant, which is `seconds` from when they were
    given; where they do not open by themselves, `passes` open them."""

    path: str
    captions: str
    expires_at: str
    seconds: int
    passes: tuple[Pass, ...] = ()
    files: Mapping[str, str] = {}

    @property
    def master(self) -> str:
        return self.path + MASTER

    def of(self, file: str) -> str | None:
        """Return where a file of the rendition is; None for none."""
        return self.path + file if file else None

    def file(self, name: str) -> str | None:
        """Return where a file to take along is; None for none, or none for them."""
        return self.files.get(name)


class Granting(Protocol):
    """Gives addresses. Raises Unavailable where what signs them is away."""

    def give(self, video: Video, *, is_own: bool = False, link: SharedLink | None = None) -> Grant:
        """Return the addresses of a video for who may see it; they end with its publication, and
        with the `link` of its owner's that has led here."""
        ...

    def still(
        self, video: Video, file: str, *, is_own: bool = False, link: SharedLink | None = None
    ) -> str:
        """Return the address of one picture of the rendition, which opens by itself."""
        ...
