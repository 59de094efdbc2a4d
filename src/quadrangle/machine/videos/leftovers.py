"""The folders of videos and uploads as they lie on this machine."""

import bisect
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from quadrangle.kernel.ids import is_id
from quadrangle.machine.videos.disk import in_thread, unless_missing
from quadrangle.videos.processing.ports import MASTER
from quadrangle.videos.tidying.model import Found
from quadrangle.videos.tidying.rules import CAPTIONS, RENDITION


class DirectoryFiles:
    """Implements videos.tidying.ports.Files below `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def folders(self, after: str, limit: int) -> list[Found]:
        return await in_thread(lambda: self._folders(after, limit))

    def _folders(self, after: str, limit: int) -> list[Found]:
        try:
            names = sorted(each for each in os.listdir(self._root) if is_id(each))
        except FileNotFoundError:  # nothing was ever uploaded
            return []
        found: list[Found] = []
        for name in names[bisect.bisect_right(names, after) :]:
            folder = _looked_at(self._root / name)
            if folder is not None:
                found.append(folder)
            if len(found) == limit:
                break
        return found

    async def has(self, key: str, name: str) -> bool:
        path = self._path(key, name)
        wanted = path / MASTER if name.startswith(RENDITION) else path
        return bool(name) and await in_thread(wanted.is_file)

    async def size(self, key: str, name: str) -> int:
        path = self._path(key, name)
        return await in_thread(lambda: _size(path))

    async def remove(self, key: str, name: str) -> None:
        path = self._path(key, name)
        await unless_missing(lambda: _remove(path))

    def _path(self, key: str, name: str) -> Path:
        if not is_id(key) or ".." in name:
            raise ValueError(f"no part of a folder: {key!r}, {name!r}")
        return self._root / key / name


def _looked_at(folder: Path) -> Found | None:
    """Return what lies in a folder; None for what is none, or has just been removed."""
    try:
        changed = _changed(folder)
        parts = {each.name: _newest(each) for each in folder.iterdir()}
        captions = folder / CAPTIONS
        if parts.pop(captions.name, None) is not None:
            parts |= {CAPTIONS + each.name: _changed(each) for each in captions.iterdir()}
    except (FileNotFoundError, NotADirectoryError):
        return None
    return Found(folder.name, changed, parts)


def _newest(path: Path) -> datetime:
    """Return when a file, or what lies in a folder, was changed last."""
    if path.is_symlink() or not path.is_dir():
        return _changed(path)
    below = (Path(where) / name for where, _, names in os.walk(path) for name in names)
    return max([_changed(path), *(_changed(each) for each in below)])


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.lstat().st_mtime, UTC)


def _size(path: Path) -> int:
    if not path.is_dir():
        return path.lstat().st_size if path.exists() else 0
    files = (Path(where) / name for where, _, names in os.walk(path) for name in names)
    return sum(each.lstat().st_size for each in files)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
