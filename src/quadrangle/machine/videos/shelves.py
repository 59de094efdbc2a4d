"""The files of videos on this machine, a folder for each."""

import os
import re
import secrets
import shutil
from pathlib import Path

from quadrangle.kernel.errors import NotFound
from quadrangle.kernel.ids import is_id
from quadrangle.machine.videos.disk import in_thread, sync_directory, unless_missing
from quadrangle.machine.videos.upload_files import ORIGINAL

_CAPTIONS = "captions"
_CAPTION = re.compile(r"[a-z0-9-]{2,60}\.vtt")
_FOLDER = re.compile(r"r-[0-9a-f]{8,32}")


class DirectoryShelves:
    """Implements videos.ports.Shelves below `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def original(self, key: str) -> Path:
        return self._video(key) / ORIGINAL

    def folder(self, key: str, name: str) -> Path:
        if not _FOLDER.fullmatch(name):
            raise ValueError(f"not a folder of a rendition: {name!r}")
        return self._video(key) / name

    async def make_folder(self, key: str, name: str) -> Path:
        folder = self.folder(key, name)
        # not its parents: of a video that was deleted nothing comes back
        await in_thread(lambda: folder.mkdir(mode=0o700))
        return folder

    async def keep_only(self, key: str, name: str) -> None:
        await unless_missing(lambda: _keep_only(self._video(key), name))

    async def settle(self, key: str, name: str) -> None:
        await in_thread(lambda: _settle(self.folder(key, name)))

    def caption(self, key: str, name: str) -> Path:
        if not _CAPTION.fullmatch(name):
            raise ValueError(f"not a file of captions: {name!r}")
        return self._video(key) / _CAPTIONS / name

    async def write_caption(self, key: str, name: str, content: bytes) -> None:
        path = self.caption(key, name)
        try:
            await in_thread(lambda: _write(path, content))
        except FileNotFoundError as error:
            raise NotFound("Video not found") from error

    async def remove_caption(self, key: str, name: str) -> None:
        path = self.caption(key, name)
        await unless_missing(path.unlink)

    async def read_caption(self, key: str, name: str) -> bytes:
        path = self.caption(key, name)
        try:
            return await in_thread(path.read_bytes)
        except FileNotFoundError as error:
            raise NotFound("There are no such captions.") from error

    async def remove_original(self, key: str) -> None:
        path = self.original(key)
        await unless_missing(path.unlink)

    async def remove(self, key: str) -> None:
        await unless_missing(lambda: shutil.rmtree(self._video(key)))

    def _video(self, key: str) -> Path:
        if not is_id(key):
            raise ValueError(f"not a key: {key!r}")
        return self._root / key


def _keep_only(video: Path, name: str) -> None:
    for folder in video.iterdir():
        if _FOLDER.fullmatch(folder.name) and folder.name != name:
            shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    unfinished = path.with_name(f"~{secrets.token_hex(8)}")
    try:
        with open(unfinished, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_directory(path.parent)
    sync_directory(path.parent.parent)


def _settle(folder: Path) -> None:
    for directory, _, names in os.walk(folder):
        for name in names:
            descriptor = os.open(Path(directory, name), os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        sync_directory(Path(directory))
    sync_directory(folder.parent)
