"""Ends machines: asks their shims to, and does without them where they cannot."""

import signal
from pathlib import Path

from quadrangle.kernel.errors import NotFound
from quadrangle.machine.desktops.records import Records, group_of
from quadrangle.machine.desktops.shim.cgroups import found_group
from quadrangle.machine.desktops.shim.locks import holder
from quadrangle.machine.desktops.shim.namespaces import Process, born, end_namespace
from quadrangle.machine.desktops.shim.notes import RUNNING, read_note
from quadrangle.machine.desktops.shim.sandbox import GENTLY_S

_SHIM_S = GENTLY_S + 5  # what a shim may take to end everything; then it is killed


def end_machine(records: Records, machine_id: str) -> None:
    """End a machine and all that runs in it; of one that is gone or unknown, nothing.

    Returns when nothing is left.
    """
    try:
        folder = records.folder(machine_id)
    except NotFound:
        return
    end_kept(folder)
    found_group(group_of(folder)).remove()


def end_kept(folder: Path, within_s: float = _SHIM_S) -> None:
    """End what the shim of a folder keeps, and the shim; what it was given `within_s` for."""
    if not _signal_shim(folder, signal.SIGTERM, within_s):
        _signal_shim(folder, signal.SIGKILL, within_s)
    # A shim that was killed takes its sandbox with it, but not at once.
    init = _first_process(folder)
    if init is not None:
        end_namespace(init, 0)
        init.close()


def _signal_shim(folder: Path, number: int, within_s: float) -> bool:
    """Signal the shim and wait; tell whether there is none any more."""
    lock = str(folder / "lock")
    shim = holder(lock)
    if shim is None:
        return True
    try:
        process = Process(shim)
    except ProcessLookupError:
        return True
    try:
        if holder(lock) != shim:  # it ended before we had hold of it, whatever has its number now
            return True
        process.send(number)
        return process.is_gone(within_s)
    finally:
        process.close()


def _first_process(folder: Path) -> Process | None:
    """Return the first process of the sandbox if it is still there, and surely that one."""
    running = read_note(str(folder), RUNNING)
    if running is None or running["init"] is None:
        return None
    try:
        process = Process(running["init"])
    except ProcessLookupError:
        return None
    if born(process.number) == running["born"]:
        return process
    process.close()
    return None
