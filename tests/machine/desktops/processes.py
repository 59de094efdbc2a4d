"""What runs on this machine for a data folder, found by looking at every process."""

import os
import signal
import time
from pathlib import Path

from quadrangle.machine.desktops.records import Records, group_of
from quadrangle.machine.desktops.shim.notes import RUNNING, read_note


def command_of(process: int) -> list[str]:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return [""]


def proc(process: int, name: str) -> str:
    """Return what the kernel says in one file about a process."""
    return Path(f"/proc/{process}/{name}").read_text()


def ignored_signals(status: str) -> set[int]:
    """Return the signals that a process ignores, by its status as the kernel tells it.

    Those that the C library keeps to itself do not count: no program can set them, and whoever is
    started by posix_spawn may inherit that they are ignored.
    """
    (mask,) = (line.split()[1] for line in status.splitlines() if line.startswith("SigIgn:"))
    return {number for number in signal.valid_signals() if int(mask, 16) >> (number - 1) & 1}


def all_processes() -> list[int]:
    """Return all but those that ended and wait for whoever reaps on this machine."""
    numbers = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return [each for each in numbers if state_of(each) not in ("Z", "")]


def state_of(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def namespace_of(process: int) -> str | None:
    try:
        return os.readlink(f"/proc/{process}/ns/pid")
    except OSError:
        return None


def inside(init: int) -> list[int]:
    """Return every process in the namespace of `init`."""
    namespace = namespace_of(init)
    return [each for each in all_processes() if namespace and namespace_of(each) == namespace]


def init_of(folder: Path) -> int:
    note = read_note(str(folder), RUNNING)
    assert note is not None
    return note["init"]


def shim_of(folder: Path) -> int:
    shim = Records(folder.parent).shim(folder.name)
    assert shim is not None
    return shim


def outer_of(folder: Path) -> int:
    """Return the outer bwrap: the parent of the first process of the sandbox."""
    return int(Path(f"/proc/{init_of(folder)}/stat").read_text().rpartition(")")[2].split()[1])


def named(folder: Path, name: str) -> int:
    """Return the process of a sandbox that runs the program `name`."""
    found = [each for each in inside(init_of(folder)) if command_of(each)[0].endswith(name)]
    assert found, [command_of(each) for each in inside(init_of(folder))]
    return found[0]


def left_of(root: Path) -> list[str]:
    """Return what still runs or is mounted for machines below `root`; looked at for some seconds,
    as what a killed shim leaves dies with it but not in the same moment."""
    records = [Records(root).read(path.name) for path in root.glob("d-*")]
    users = {record.user for record in records if record is not None} - {None}
    for _ in range(100):
        found = _left(users, str(root))
        if not found:
            return []
        time.sleep(0.05)
    return found


def _left(users: set[int | None], root: str) -> list[str]:
    """Sandboxes of root's are found by their users, others by the paths in their commands."""
    commands = {each: " ".join(command_of(each)) for each in all_processes()}
    found = [
        command
        for process, command in commands.items()
        if (root in command and "desktops.shim.main" in command)
        or (root in command and command.startswith("bwrap"))
        or user_of(process) in users
    ]
    return found + [line for line in Path("/proc/mounts").read_text().splitlines() if root in line]


def user_of(process: int) -> int:
    try:
        return os.stat(f"/proc/{process}").st_uid
    except OSError:
        return -1


def groups_of(root: Path) -> list[str]:
    """Return the control groups that are left for machines below `root`."""
    above = [Path(f"/sys/fs/cgroup/{each}quadrangle") for each in ("", "memory/", "pids/", "cpu/")]
    places = [each / group_of(path) for each in above for path in root.glob("d-*")]
    return [str(place) for place in places if place.exists()]
