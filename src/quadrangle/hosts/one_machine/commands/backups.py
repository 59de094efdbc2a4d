"""Backups of one machine: a consistent copy of the database, with photos, videos and keys."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from quadrangle.hosts.one_machine.commands.errors import CommandError
from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.settings import Settings
from quadrangle.machine.files import TEMPORARY
from quadrangle.sql.base.connections import OTHER_PAIR
from quadrangle.sql.base.copies import copy_database
from quadrangle.sql.base.two_files import are_of_one, follower_of, is_divided
from quadrangle.sql.base.urls import sqlite_file

_DATABASE = "quadrangle.db"
_FOLLOWER = follower_of(_DATABASE)
# What a database that was not closed has beside it; it would be read into the new one.
_LOGS = ("-wal", "-shm", "-journal")
_WITHOUT = (
    f"This backup has no {_FOLLOWER}: mails, failed jobs and the audit begin anew, and so do "
    "search and counts."
)
_FOLDERS = ("files", "videos", "keys")


async def backup(parts: MachineParts, target: str) -> str:
    """Copy everything into the new folder `target` while the service runs; return what to print.

    Photos are copied before the database and again after it: those its copy names were there at
    that moment, so one of the two passes has met them, even if staff deletes some meanwhile. The
    folder holds keys and is readable by its owner only. Raises CommandError, Unavailable.
    """
    folder, data = Path(target), parts.settings.data
    database = sqlite_file(parts.settings.database)
    if database is not None and not database.is_file():
        raise CommandError(f"There is nothing to back up: {database} does not exist.")
    unfinished = folder.with_name(folder.name + ".unfinished")
    try:
        await asyncio.to_thread(_make_folders, folder, unfinished)
        await asyncio.to_thread(_copy_folders, data, unfinished)
        if database is not None:
            await _copy_databases(parts, database, unfinished)
        await asyncio.to_thread(_copy_folders, data, unfinished)
        unfinished.rename(folder)
    except OSError as error:
        raise CommandError(f"The backup failed: {error.strerror}.") from error
    if database is not None:
        return f"Everything is in {folder}."
    return f"Photos and keys are in {folder}. Back the database up with pg_dump."


async def _copy_databases(parts: MachineParts, database: Path, target: Path) -> None:
    # what follows first, so that it knows of nothing that the facts do not have
    if await asyncio.to_thread(Path(follower_of(str(database))).is_file):
        await parts.following.read(lambda _: None)  # Unavailable where they are no pair
        await copy_database(parts.following, target / _FOLLOWER)
    await copy_database(parts.database, target / _DATABASE)


def _make_folders(folder: Path, unfinished: Path) -> None:
    if folder.exists():
        raise CommandError(f"{folder} exists already. Please name a new folder.")
    if unfinished.exists():
        shutil.rmtree(unfinished)
    unfinished.mkdir(mode=0o700, parents=True)


def _copy_folders(data: Path, target: Path) -> None:
    """Copy the files that `target` does not have yet, or less of: files only grow under their name,
    and what grows is an upload or a playlist."""
    for name in _FOLDERS:
        for file in _files(data / name):
            copied = target / file.relative_to(data)
            if _is_copied(file, copied):
                continue
            copied.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                shutil.copy2(file, copied)
            except FileNotFoundError:
                continue  # staff deleted this photo just now


def _is_copied(file: Path, copied: Path) -> bool:
    try:
        return copied.stat().st_size == file.stat().st_size
    except FileNotFoundError:
        return not file.exists()


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below, save those still being written."""
    for directory, _, names in os.walk(folder):
        yield from (Path(directory, name) for name in names if not name.startswith(TEMPORARY))


def restore(settings: Settings, source: str) -> str:
    """Bring a backup into a data folder that holds nothing yet; return what to print.

    Raises CommandError.
    """
    folder, data = Path(source), settings.data
    copied = folder / _DATABASE
    if not (folder / "keys").is_dir() and not copied.is_file():
        raise CommandError(f"{folder} is not a backup.")
    second = folder / _FOLLOWER
    if copied.is_file() and second.is_file() and not are_of_one(copied, second):
        raise CommandError(OTHER_PAIR.format(one=copied, other=second))
    database = sqlite_file(settings.database)
    if copied.is_file() and database is None:
        raise CommandError(
            f"{folder} holds a SQLite database. Please restore it without QUADRANGLE_DATABASE_URL."
        )
    follower = None if database is None else Path(follower_of(str(database)))
    taken = [path for path in (database, follower, *(data / name for name in _FOLDERS)) if path]
    logs = [Path(f"{path}{end}") for path in (database, follower) if path for end in _LOGS]
    if present := [str(path) for path in (*taken, *logs) if path.exists()]:
        raise CommandError(f"{', '.join(present)} exists already. Please use an empty folder.")
    try:
        _copy_folders(folder, data)
        if database is not None and follower is not None and copied.is_file():
            # last and whole, so that no server starts on half of it
            if second.is_file():
                _copy_whole(second, follower)
            _copy_whole(copied, database)
    except OSError as error:
        raise CommandError(f"The restore failed: {error.strerror}.") from error
    misses = copied.is_file() and not second.is_file() and is_divided(copied)
    return f"Restored into {data}. {_WITHOUT}" if misses else f"Restored into {data}."


def _copy_whole(file: Path, target: Path) -> None:
    unfinished = target.with_name(target.name + ".unfinished")
    shutil.copy2(file, unfinished)
    unfinished.replace(target)
