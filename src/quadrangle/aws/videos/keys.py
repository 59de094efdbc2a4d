"""What the objects of the bucket are called.

| key | what |
|---|---|
| originals/<key> | the file as it was uploaded |
| media/<key>/<folder>/… | a rendition, as CloudFront has it at the same path |
| media/<key>/captions/… | captions |
| media/files/<key>/<folder>/… | what can be taken along of it: no pass for watching opens it |
"""

import re

from quadrangle.kernel.ids import is_id
from quadrangle.videos.processing.ports import FILM_FILE, SOUND_FILE

TAKEN_ALONG = (SOUND_FILE, FILM_FILE)
_FOLDER = re.compile(r"r-[0-9a-f]{8,32}")
_CAPTION = re.compile(r"[a-z0-9-]{2,60}\.vtt")


def original(key: str) -> str:
    return f"originals/{_checked(key)}"


def media(key: str) -> str:
    """Return what all begins with that players may load of a video."""
    return f"media/{_checked(key)}/"


def rendition(key: str, folder: str) -> str:
    if not _FOLDER.fullmatch(folder):
        raise ValueError(f"not a folder of a rendition: {folder!r}")
    return f"{media(key)}{folder}/"


def files(key: str) -> str:
    """Return what all begins with that can be taken along of a video."""
    return f"media/files/{_checked(key)}/"


def file_of(key: str, folder: str, name: str) -> str:
    """Return the key of one file of a rendition, by its name there."""
    place = rendition(key, folder)
    return f"{files(key)}{folder}/{name}" if name in TAKEN_ALONG else place + name


def captions(key: str) -> str:
    return f"{media(key)}captions/"


def caption(key: str, name: str) -> str:
    if not _CAPTION.fullmatch(name):
        raise ValueError(f"not a file of captions: {name!r}")
    return captions(key) + name


def _checked(key: str) -> str:
    if not is_id(key):
        raise ValueError(f"not a key: {key!r}")
    return key
