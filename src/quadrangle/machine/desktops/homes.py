"""Puts files into homes, takes them out, and forgets homes."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound, TooLarge, Unavailable
from quadrangle.machine.desktops import home_child
from quadrangle.machine.desktops.bounds import in_own_mounts
from quadrangle.machine.desktops.launching import shim_environment
from quadrangle.machine.desktops.planning import SOURCE, Place
from quadrangle.machine.desktops.records import (
    DISK,
    IMAGE,
    LOCK,
    NO_DESKTOP,
    RECORDINGS,
    STATE,
    Records,
)
from quadrangle.machine.desktops.settings import MIB, DesktopSettings
from quadrangle.machine.desktops.shim.notes import BEGUN
from quadrangle.machine.desktops.shim.stage import HOME
from quadrangle.machine.desktops.shim.usage import remove_tree
from quadrangle.machine.desktops.threads import in_thread
from quadrangle.meetings.desktops.model import Machine, MachineState

_CHUNK = 256 * 1024
_MOST_NAME_BYTES = 255
_CHILD = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from quadrangle.machine.desktops.home_child import main; main()"
)
_AWAY = "The files of this desktop cannot be reached just now."


class SandboxFiles:
    """Implements DesktopFiles."""

    def __init__(self, settings: DesktopSettings) -> None:
        self._settings = settings
        self._records = Records(settings.folder)

    async def put_file(self, machine_id: str, name: str, content: bytes) -> None:
        _check_name(name)
        if len(content) > self._settings.files * MIB:
            raise TooLarge(f"A file for a desktop may have {self._settings.files} MiB.")
        if await in_thread(lambda: self._records.shim(machine_id)) is None:
            raise NotFound(NO_DESKTOP)
        child = await self._child("put", machine_id, name)
        await child.communicate(content)
        if child.returncode == home_child.NO_ROOM:
            raise TooLarge("The desktop has no room for this file.")
        if child.returncode == home_child.NO_FOLDER:
            raise Conflict("The folder Files of this desktop was made something else.")
        if child.returncode != home_child.DONE:
            raise Unavailable(_AWAY)

    async def take_home(self, machine_id: str) -> AsyncIterator[bytes]:
        if not await in_thread(lambda: _has_home(self._records.folder(machine_id))):
            raise NotFound("The files of this desktop are not kept any more.")
        child = await self._child("pack", machine_id, str(self._settings.take_home * MIB))
        assert child.stdout is not None
        assert child.stdin is not None
        child.stdin.close()
        try:
            while chunk := await child.stdout.read(_CHUNK):
                yield chunk
            if await child.wait() != home_child.DONE:
                raise Unavailable(_AWAY)
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()

    async def list_kept(self) -> list[Machine]:
        return await in_thread(self._kept)

    async def forget(self, machine_id: str) -> None:
        await in_thread(lambda: self._forget(machine_id))

    async def _child(self, verb: str, machine_id: str, argument: str) -> asyncio.subprocess.Process:
        """Start the child that looks into the home, with the rights of its person."""
        command = await in_thread(lambda: self._command(verb, machine_id, argument))
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=shim_environment(),
            cwd="/",
        )

    def _command(self, verb: str, machine_id: str, argument: str) -> list[str]:
        folder = self._records.folder(machine_id)
        record = self._records.read(machine_id)
        if record is None:
            raise NotFound(NO_DESKTOP)
        user = "-" if record.user is None else str(record.user)
        shim = self._records.shim(machine_id)
        place = Place(folder, record.user)
        child = [sys.executable, "-I", "-S", "-c", _CHILD, str(SOURCE), verb]
        if shim is not None and place.stage is not None:
            into = ["nsenter", f"--mount=/proc/{shim}/ns/mnt", "--"]
            return [*into, *child, str(place.home), user, "-", "-", argument]
        if (folder / IMAGE).exists():
            assert place.stage is not None
            home = str(place.stage / HOME)
            at = [str(folder / IMAGE), str(place.stage)]
            return [*in_own_mounts(), *child, home, user, *at, argument]
        return [*child, str(folder / DISK / HOME), user, "-", "-", argument]

    def _kept(self) -> list[Machine]:
        machines = [
            self._records.machine(each)
            for each in self._records.machine_ids()
            if _has_home(self._records.folder(each))
        ]
        return [m for m in machines if m is not None and m.state is MachineState.GONE]

    def _forget(self, machine_id: str) -> None:
        """Remove all but what says that the token is used, and recordings."""
        folder = self._records.folder(machine_id)
        if self._records.shim(machine_id) is not None:
            raise Conflict("This desktop still runs.")
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.name in _REMAINS:
                continue
            if path.is_dir() and not path.is_symlink():
                remove_tree(path)
            else:
                path.unlink(missing_ok=True)


_REMAINS = {STATE, BEGUN, LOCK, RECORDINGS}


def _has_home(folder: Path) -> bool:
    return (folder / IMAGE).exists() or (folder / DISK).exists()


def _check_name(name: str) -> None:
    """Raise InvalidInput on what is no plain name of a file."""
    plain = name.isprintable() and "/" not in name and name not in ("", ".", "..")
    if not plain or len(name.encode(errors="replace")) > _MOST_NAME_BYTES:
        raise InvalidInput.at("name", "This cannot be the name of a file.")
