"""Fills up the smallest segments of a rendition whose peak is far above its average.

A filled segment is a new file: the one that viewers of the growing film were told stays as it is.
What is added is a hole in the file, which takes no disk.
"""

import os
import shutil
from pathlib import Path

import msgspec

from quadrangle.videos.processing.evening_rules import filling_head, fillings
from quadrangle.videos.processing.playlist_rules import MediaPlaylist, Segment

_MARK = "f"


def evened(folder: Path, playlist: MediaPlaylist) -> MediaPlaylist:
    """Return the playlist with filled segments where some are needed. Raises OSError."""
    added = fillings(playlist.segments)
    segments = tuple(
        _filled(folder, segment, size) if size else segment
        for segment, size in zip(playlist.segments, added, strict=True)
    )
    return msgspec.structs.replace(playlist, segments=segments)


def _filled(folder: Path, segment: Segment, added: int) -> Segment:
    stem, suffix = os.path.splitext(segment.name)
    name = f"{stem}{_MARK}{suffix}"
    descriptor = os.open(
        folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
    )
    with open(descriptor, "wb") as target:
        source = os.open(folder / segment.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with open(source, "rb") as content:
            shutil.copyfileobj(content, target)
        target.write(filling_head(added))
        target.truncate(segment.size + added)
    return Segment(name, segment.duration, segment.size + added)
