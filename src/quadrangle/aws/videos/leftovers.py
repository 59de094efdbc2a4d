"""What lies in the bucket of videos, by the keys of videos and uploads."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from quadrangle.aws.videos import keys
from quadrangle.aws.videos.objects import Objects
from quadrangle.aws.videos.part_files import remove_original
from quadrangle.kernel.ids import is_id
from quadrangle.videos.processing.ports import MASTER
from quadrangle.videos.tidying.model import Found
from quadrangle.videos.tidying.rules import ALL, CAPTIONS, ORIGINAL, RENDITION

_ORIGINALS, _MEDIA, _FILES = "originals/", "media/", "media/files/"
_NOW = datetime.max.replace(tzinfo=UTC)
_AFTER_FOLDER = "0"  # stands right behind "/": beyond all that lies in a folder


class S3Files:
    """Implements videos.tidying.ports.Files.

    Folders are listed, not what lies in them: an hour of film is some thousand objects. Parts of
    uploads that were not joined are ended by a rule of the bucket.
    """

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    async def folders(self, after: str, limit: int) -> list[Found]:
        return await self._objects.do(lambda: self._folders(after, limit))

    def _folders(self, after: str, limit: int) -> list[Found]:
        named = heapq.merge(
            self._originals(after), self._below(_MEDIA, after), self._below(_FILES, after)
        )
        return [self._looked_at(key) for key in islice(_once(named), limit)]

    def _originals(self, after: str) -> Iterator[str]:
        for page in self._pages(_ORIGINALS, StartAfter=_ORIGINALS + after):
            for each in page.get("Contents", ()):
                if is_id(key := each["Key"].removeprefix(_ORIGINALS)):
                    yield key

    def _below(self, place: str, after: str) -> Iterator[str]:
        start = f"{place}{after}{_AFTER_FOLDER}" if after else place
        for page in self._pages(place, Delimiter="/", StartAfter=start):
            for each in page.get("CommonPrefixes", ()):
                if is_id(key := each["Prefix"].removeprefix(place).removesuffix("/")):
                    yield key

    def _looked_at(self, key: str) -> Found:
        parts: dict[str, datetime] = {}
        for each in self._first(keys.original(key)):
            if each["Key"] == keys.original(key):
                parts[ORIGINAL] = each["LastModified"]
        for place in (keys.media(key), keys.files(key)):
            for page in self._pages(place, Delimiter="/"):
                for each in page.get("CommonPrefixes", ()):
                    name = each["Prefix"].removeprefix(place)
                    self._note(parts, name, each["Prefix"])
        changed = max(parts.values(), default=_NOW)  # nothing is left of one that goes meanwhile
        return Found(key, changed, parts)

    def _note(self, parts: dict[str, datetime], name: str, place: str) -> None:
        if name == CAPTIONS:
            for page in self._pages(place):
                for each in page.get("Contents", ()):
                    parts[CAPTIONS + each["Key"].removeprefix(place)] = each["LastModified"]
            return
        # the first page has the playlists, which are written again as long as the film grows
        changed = [each["LastModified"] for each in self._first(place)]
        folder = name.removesuffix("/")
        parts[folder] = max([*changed, *([parts[folder]] if folder in parts else [])])

    def _first(self, prefix: str) -> list[dict[str, Any]]:
        listing = self._objects.client.list_objects_v2
        return listing(Bucket=self._objects.bucket, Prefix=prefix).get("Contents", [])

    def _pages(self, prefix: str, **given: str) -> Iterator[dict[str, Any]]:
        pages = self._objects.client.get_paginator("list_objects_v2")
        yield from pages.paginate(Bucket=self._objects.bucket, Prefix=prefix, **given)

    async def has(self, key: str, name: str) -> bool:
        path = f"{_place(key, name)}{MASTER}" if name.startswith(RENDITION) else _place(key, name)
        return bool(name) and await self._objects.size(path) is not None

    async def size(self, key: str, name: str) -> int:
        def added() -> int:
            listed = (page for each in _places(key, name) for page in self._pages(each))
            return sum(each["Size"] for page in listed for each in page.get("Contents", ()))

        return await self._objects.do(added)

    async def remove(self, key: str, name: str) -> None:
        if name in (ALL, ORIGINAL):
            await remove_original(self._objects, key)
        for place in _places(key, name):
            await self._objects.delete_below(place)


def _place(key: str, name: str) -> str:
    """Return what a part of a folder is called, or what all begins with that lies in it."""
    if name == ORIGINAL:
        return keys.original(key)
    if name.startswith(RENDITION):
        return keys.rendition(key, name)
    if ".." in name or not name.startswith(CAPTIONS):
        raise ValueError(f"no part of a folder: {key!r}, {name!r}")
    return keys.media(key) + name


def _places(key: str, name: str) -> list[str]:
    if name == ALL:
        return [keys.original(key), keys.media(key), keys.files(key)]
    place = _place(key, name)
    return [place, f"{keys.files(key)}{name}/"] if name.startswith(RENDITION) else [place]


def _once(names: Iterable[str]) -> Iterator[str]:
    """Yield what is sorted, each once."""
    last = None
    for name in names:
        if name != last:
            yield name
        last = name
