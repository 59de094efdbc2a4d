"""The files of videos on this machine, a folder for each."""

import asyncio
import os
import re
import secrets
import shutil
from pathlib import Path

from quadrangle.kernel.disk import force_to_disk
from quadrangle.kernel.errors import NotFound
from quadrangle.kernel.ids import is_id
from quadrangle.machine.videos.disk import in_thread, unless_missing
from quadrangle.machine.videos.upload_files import ORIGINAL
from quadrangle.videos.model import Video
from quadrangle.videos.streaming.grants import CAPTIONS, Opened

_CAPTIONS = "captions"
_CAPTION = re.compile(r"[a-z0-9-]{2,60}\.vtt")
_FOLDER = re.compile(r"r-[0-9a-f]{8,32}")


class DirectoryShelves:
    """Implements videos.ports.Shelves below `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def original(self, key: str) -> Path:
        return self._video(key) / ORIGINAL

    def folder(self, key: str, name: str) -> Path:
        """Return where a rendition is. Raises ValueError for what is no name."""
        if not _FOLDER.fullmatch(name):
            raise ValueError(f"not a folder of a rendition: {name!r}")
        return self._video(key) / name

    async def make_folder(self, key: str, name: str) -> Path:
        folder = self.folder(key, name)
        # not its parents: of a video that was deleted nothing comes back
        await in_thread(lambda: folder.mkdir(mode=0o700))
        return folder

    async def bring(self, key: str, name: str) -> Path:
        return self.folder(key, name)

    async def grown(self, key: str, name: str) -> None:
        """Nothing is to be done: players read from the folder itself."""

    async def let_go(self, key: str) -> None:
        """Nothing is to be done: the file stays where it is."""

    async def read(self, key: str, folder: str, name: str) -> bytes:
        path = self.folder(key, folder) / name
        try:
            return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError as error:
            raise NotFound("There is no such file.") from error

    async def size(self, key: str, folder: str, name: str) -> int | None:
        path = self.folder(key, folder) / name
        try:
            return await asyncio.to_thread(lambda: path.stat().st_size)
        except FileNotFoundError:
            return None

    def place(self, opened: Opened) -> Path:
        """Return where the file is that an address of media leads to. Raises NotFound."""
        folder, _, name = opened.file.rpartition("/")
        if folder == CAPTIONS:
            try:
                return self.caption(opened.key, name)
            except ValueError as error:
                raise NotFound("There is nothing at this address.") from error
        return self.folder(opened.key, opened.folder) / opened.file

    def sound(self, video: Video) -> Path | None:
        """Return where the sound of a video is as one file; None where it has none."""
        media = video.details.media
        if media is None or not media.audio_file:
            return None
        return self.folder(video.key, video.details.folder) / media.audio_file

    async def bring_sound(self, video: Video) -> Path | None:
        return self.sound(video)

    async def keep_only(self, key: str, name: str) -> None:
        await unless_missing(lambda: _keep_only(self._video(key), name))

    async def settle(self, key: str, name: str) -> None:
        await in_thread(lambda: _settle(self.folder(key, name)))

    def caption(self, key: str, name: str) -> Path:
        """Return where a file of captions is. Raises ValueError for what is no name."""
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
        path = self._video(key) / ORIGINAL
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
    force_to_disk(path.parent)
    force_to_disk(path.parent.parent)


def _settle(folder: Path) -> None:
    for directory, _, names in os.walk(folder):
        for name in names:
            force_to_disk(Path(directory, name))
        force_to_disk(Path(directory))
    force_to_disk(folder.parent)
