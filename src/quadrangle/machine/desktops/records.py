"""What is written down of each machine, and where: one folder for each, named by its token."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import msgspec

from quadrangle.kernel.errors import NotFound
from quadrangle.machine.desktops.shim.locks import holder
from quadrangle.machine.desktops.shim.notes import BEGUN, RUNNING, read_note
from quadrangle.meetings.desktops.model import Machine, MachineState
from quadrangle.meetings.desktops.ports import LaunchOrder
from quadrangle.meetings.model import Workspace

STATE, LOCK, GIVEN = "state.json", "lock", "given"
IMAGE, DISK, RECORDINGS = "disk.img", "disk", "recordings"
_PREFIX = "d-"
_ID = re.compile(r"d-[0-9a-f]{20}")
NO_DESKTOP = "There is no such desktop."


class Record(msgspec.Struct, frozen=True):
    """What launched a machine: the order exactly, and the user that its sandbox runs as (None:
    our own)."""

    order: LaunchOrder
    user: int | None = None


def machine_id_of(token: str) -> str:
    return _PREFIX + hashlib.sha256(token.encode()).hexdigest()[:20]


def socket_name(workspace: Workspace) -> str:
    return "rfb.sock" if workspace is Workspace.DESKTOP else "pty.sock"


def group_of(folder: Path) -> str:
    """Return the name of the control group of what is kept in a folder, as nobody else's is."""
    return hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:24]


class Records:
    """Reads and writes below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, machine_id: str) -> Path:
        """Return the folder of a machine. Raises NotFound on what cannot be the id of one."""
        if not _ID.fullmatch(machine_id):
            raise NotFound(NO_DESKTOP)
        return self.root / machine_id

    def machine_ids(self) -> Iterator[str]:
        if self.root.is_dir():
            for entry in os.scandir(self.root):
                if _ID.fullmatch(entry.name):
                    yield entry.name

    def read(self, machine_id: str) -> Record | None:
        try:
            content = (self.folder(machine_id) / STATE).read_bytes()
        except FileNotFoundError:
            return None
        return msgspec.json.decode(content, type=Record)

    def write(self, machine_id: str, record: Record) -> None:
        folder = self.folder(machine_id)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = folder / f"{STATE}.{secrets.token_hex(4)}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file:
            file.write(msgspec.json.encode(record))
            file.flush()
            os.fsync(descriptor)
        os.replace(temporary, folder / STATE)

    def shim(self, machine_id: str) -> int | None:
        """Return the process that keeps the machine, None where none does."""
        return holder(str(self.folder(machine_id) / LOCK))

    def machine(self, machine_id: str) -> Machine | None:
        """Return what is so now, None where nothing was ever started.

        Whether it was begun is asked first: begun and then without a shim, it is over for good.
        The other way round it could begin in between.
        """
        record = self.read(machine_id)
        if record is None:
            return None
        folder = self.folder(machine_id)
        begun = read_note(str(folder), BEGUN) is not None
        kept = self.shim(machine_id) is not None
        if not begun and not kept:
            return None
        running = kept and read_note(str(folder), RUNNING) is not None
        order = record.order
        return Machine(
            machine_id=machine_id,
            meeting_id=order.meeting_id,
            role=order.role,
            generation=order.generation,
            token=order.token,
            state=_state(kept, running),
            address=str(folder / socket_name(order.workspace)) if kept else None,
        )


def _state(kept: bool, running: bool) -> MachineState:
    if not kept:
        return MachineState.GONE
    return MachineState.RUNNING if running else MachineState.STARTING
