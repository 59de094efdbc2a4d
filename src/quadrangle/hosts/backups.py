"""Backups of one machine: a consistent copy of the database, then photos and keys."""

import asyncio
import shutil
from pathlib import Path

from quadrangle.hosts.errors import CommandError
from quadrangle.hosts.parts import Parts
from quadrangle.hosts.settings import Settings
from quadrangle.sql.copies import copy_database, photo_keys

_DATABASE = "quadrangle.db"
_FOLDERS = ("files", "keys")


async def backup(parts: Parts, target: str) -> str:
    """Copy everything into the new folder `target` while the service runs; return what to print.

    The database goes first: every photo its copy names was stored before, so the files that follow
    are complete. The folder holds keys and is readable by its owner only. Raises CommandError.
    """
    folder = Path(target)
    unfinished = folder.with_name(folder.name + ".unfinished")
    try:
        await asyncio.to_thread(_make_folders, folder, unfinished)
        if parts.database.dialect == "sqlite":
            await copy_database(parts.database, unfinished / _DATABASE)
        await asyncio.to_thread(_copy_folders, parts.settings.data, unfinished)
        unfinished.rename(folder)
    except OSError as error:
        raise CommandError(f"The backup failed: {error.strerror}.") from error
    if parts.database.dialect == "sqlite":
        return f"Everything is in {folder}."
    return f"Photos and keys are in {folder}. Back the database up with pg_dump."


def _make_folders(folder: Path, unfinished: Path) -> None:
    if folder.exists():
        raise CommandError(f"{folder} exists already. Please name a new folder.")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700, parents=True)


def _copy_folders(data: Path, target: Path) -> None:
    for name in _FOLDERS:
        if (data / name).is_dir():
            shutil.copytree(data / name, target / name)


def restore(settings: Settings, source: str) -> str:
    """Bring a backup into a data folder that holds no database; return what to print."""
    folder, data = Path(source), settings.data
    if not (folder / "keys").is_dir() and not (folder / _DATABASE).is_file():
        raise CommandError(f"{folder} is not a backup.")
    taken = [name for name in (_DATABASE, *_FOLDERS) if (data / name).exists()]
    if taken:
        raise CommandError(f"{data} already holds {', '.join(taken)}. Please use an empty folder.")
    for name in _FOLDERS:
        if (folder / name).is_dir():
            shutil.copytree(folder / name, data / name)
    if (folder / _DATABASE).is_file():
        # last, so that a restore that broke off can be begun again
        shutil.copy2(folder / _DATABASE, data / _DATABASE)
    return f"Restored into {data}."


async def check_files(parts: Parts) -> list[str]:
    """Return a sentence when photos are recorded whose files are missing."""
    root = parts.settings.data / "files"
    keys = await photo_keys(parts.database)
    missing = await asyncio.to_thread(lambda: [k for k in keys if not (root / k).is_file()])
    return [f"{len(missing)} photo file(s) are missing."] if missing else []
