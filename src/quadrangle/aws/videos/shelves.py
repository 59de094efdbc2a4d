"""The files of videos on S3; a machine that makes renditions has those of one try on its disk."""

import asyncio
import re
import shutil
from pathlib import Path

from quadrangle.aws.videos import keys
from quadrangle.aws.videos.objects import Objects
from quadrangle.aws.videos.part_files import remove_original
from quadrangle.kernel.errors import NotFound, Unavailable
from quadrangle.videos.model import Video

_TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".m4s": "video/iso.segment",
    ".mp4": "video/mp4",
    ".m4a": "audio/mp4",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".vtt": "text/vtt; charset=utf-8",
}
_FOREVER = "private, max-age=31536000, immutable"  # a rendition's folder is never used again
_GROWING = "private, max-age=1"
_NAMED = re.compile(r'^(?!#)\S+|URI="([^"]+)"', re.MULTILINE)
_RESERVE = 2 * 2**30  # bytes of the disk beside a film and what is made of it


class S3Shelves:
    """Implements videos.ports.Shelves. Only who processes needs `work`, a folder on its disk."""

    def __init__(self, objects: Objects, work: Path | None = None) -> None:
        self._objects = objects
        self._work = work
        self._there: dict[str, set[str]] = {}  # by the key of a rendition: files that stay as is

    async def original(self, key: str) -> Path:
        path = self._here(key) / "original"
        size = await self._objects.size(keys.original(key)) or 0
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(path.parent).free < 3 * size + _RESERVE:
            raise Unavailable("This machine's disk is too small for this video.")
        await self._objects.get_file(keys.original(key), path)
        return path

    async def make_folder(self, key: str, name: str) -> Path:
        keys.rendition(key, name)
        folder = self._here(key) / name
        await asyncio.to_thread(lambda: folder.mkdir(mode=0o700, parents=True))
        return folder

    async def bring(self, key: str, name: str) -> Path:
        folder = await self.make_folder(key, name)
        there = self._there.setdefault(keys.rendition(key, name), set())
        for place in (keys.rendition(key, name), f"{keys.files(key)}{name}/"):
            for each in await self._objects.below(place):
                file = folder / each.removeprefix(place)
                file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                await self._objects.get_file(each, file)
                there.add(each)
        return folder

    async def bring_sound(self, video: Video) -> Path | None:
        details = video.details
        if details.media is None or not details.media.audio_file:
            return None
        name = details.media.audio_file
        path = self._here(video.key) / details.folder / name
        await asyncio.to_thread(lambda: path.parent.mkdir(mode=0o700, parents=True, exist_ok=True))
        await self._objects.get_file(keys.file_of(video.key, details.folder, name), path)
        return path

    async def grown(self, key: str, name: str) -> None:
        """Put the segments that playlists name, then these playlists as they were read."""
        folder = self._here(key) / name
        playlists = await asyncio.to_thread(lambda: _playlists(folder))
        for path, text in playlists.items():
            for each in _NAMED.finditer(text):
                file = path.parent / (each.group(1) or each.group(0))
                if file.suffix != ".m3u8":
                    await self._put_once(key, name, folder, file)
        for path, text in playlists.items():
            target = keys.rendition(key, name) + path.relative_to(folder).as_posix()
            await self._objects.put(target, text.encode(), _TYPES[".m3u8"], _GROWING)

    async def settle(self, key: str, name: str) -> None:
        folder = self._here(key) / name
        files = await asyncio.to_thread(lambda: [p for p in folder.rglob("*") if p.is_file()])
        # playlists last: what they name is there by then
        for file in sorted(files, key=lambda path: (path.suffix == ".m3u8", path)):
            await self._put_once(key, name, folder, file)
        self._there.pop(keys.rendition(key, name), None)

    async def _put_once(self, key: str, name: str, folder: Path, file: Path) -> None:
        there = self._there.setdefault(keys.rendition(key, name), set())
        target = keys.file_of(key, name, file.relative_to(folder).as_posix())
        if target in there or file.suffix not in _TYPES:
            return
        await self._objects.put_file(target, file, _TYPES[file.suffix], _FOREVER)
        there.add(target)

    async def keep_only(self, key: str, name: str) -> None:
        keep = (keys.captions(key), *([keys.rendition(key, name)] if name else []))
        await self._objects.delete_below(keys.media(key), keep)
        of_it = f"{keys.files(key)}{name}/"
        await self._objects.delete_below(keys.files(key), (of_it,) if name else ())

    async def let_go(self, key: str) -> None:
        if self._work is not None:
            here = self._here(key)
            await asyncio.to_thread(lambda: shutil.rmtree(here, ignore_errors=True))

    async def read(self, key: str, folder: str, name: str) -> bytes:
        return await self._objects.get(keys.file_of(key, folder, name))

    async def size(self, key: str, folder: str, name: str) -> int | None:
        return await self._objects.size(keys.file_of(key, folder, name))

    async def write_caption(self, key: str, name: str, content: bytes) -> None:
        if await self._objects.size(keys.original(key)) is None:
            raise NotFound("Video not found")
        target = keys.caption(key, name)
        await self._objects.put(target, content, _TYPES[".vtt"], _FOREVER)

    async def remove_caption(self, key: str, name: str) -> None:
        await self._objects.delete(keys.caption(key, name))

    async def read_caption(self, key: str, name: str) -> bytes:
        return await self._objects.get(keys.caption(key, name))

    async def remove_original(self, key: str) -> None:
        await remove_original(self._objects, key)

    async def remove(self, key: str) -> None:
        await remove_original(self._objects, key)
        await self._objects.delete_below(keys.media(key))
        await self._objects.delete_below(keys.files(key))

    def _here(self, key: str) -> Path:
        if self._work is None:
            raise Unavailable("This process has no disk for videos.")
        keys.original(key)
        return self._work / key


def _playlists(folder: Path) -> dict[Path, str]:
    """Return each playlist as it is now, those of media before the one that names them."""
    found = sorted(folder.rglob("*.m3u8"), key=lambda path: (path.parent == folder, path))
    return {path: path.read_text() for path in found}
