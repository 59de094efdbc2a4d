"""Bounds a sandbox as a whole where control groups can be made: version 2, or 1 as older hosts.

Only root can, and not in most containers. Where it cannot be done the bounds of each process hold
alone, which many processes together can exceed.
"""

import contextlib
import os
import signal

_ROOT = "/sys/fs/cgroup"
_ALL = "quadrangle"
# In version 1 every process outside of groups weighs 1024 of its own; in version 2 the rest of the
# machine is in groups too, and all sandboxes together weigh what one of those does.
_V1_SHARES = 4096


class Group:
    """A control group made for one sandbox: one folder, or in version 1 one for each resource."""

    def __init__(self, folders: list[str]) -> None:
        self._folders = folders

    def enter(self) -> None:
        """Move this process, and what it will start, into the group."""
        for folder in self._folders:
            _write(folder, "cgroup.procs", os.getpid())

    def remove(self) -> None:
        """Kill what is left in it and take it away, if that can be done by now."""
        for folder in self._folders:
            with contextlib.suppress(OSError):
                _kill_all(folder)
            with contextlib.suppress(OSError):
                os.rmdir(folder)


def make_group(name: str, memory: int, processes: int, all_memory: int) -> Group | None:
    """Make the group `name`, None where that cannot be done.

    `memory` and `all_memory` (of all groups together) are in bytes.
    """
    make = _make_v2 if os.path.exists(f"{_ROOT}/cgroup.controllers") else _make_v1
    try:
        return make(name, memory, processes, all_memory)
    except OSError:
        found_group(name).remove()
        return None


def found_group(name: str) -> Group:
    """Return what there is of a group, made by whomever."""
    places = [f"{_ROOT}/{_ALL}/{name}"]
    places += [f"{_ROOT}/{each}/{_ALL}/{name}" for each in ("memory", "pids", "cpu")]
    return Group([place for place in places if os.path.isdir(place)])


def _make_v2(name: str, memory: int, processes: int, all_memory: int) -> Group:
    above = f"{_ROOT}/{_ALL}"
    _write(_ROOT, "cgroup.subtree_control", "+memory +pids +cpu")
    os.makedirs(above, exist_ok=True)
    _write(above, "memory.max", all_memory)
    _write(above, "cgroup.subtree_control", "+memory +pids +cpu")
    folder = f"{above}/{name}"
    os.makedirs(folder, exist_ok=True)
    _write(folder, "memory.max", memory)
    with contextlib.suppress(OSError):  # a kernel without swap has no such file
        _write(folder, "memory.swap.max", 0)
    _write(folder, "pids.max", processes)
    return Group([folder])


def _make_v1(name: str, memory: int, processes: int, all_memory: int) -> Group:
    above = {each: f"{_ROOT}/{each}/{_ALL}" for each in ("memory", "pids", "cpu")}
    for resource, folder in above.items():
        if not os.path.exists(f"{_ROOT}/{resource}/cgroup.procs"):
            raise FileNotFoundError(resource)
        os.makedirs(folder, exist_ok=True)
    with contextlib.suppress(OSError):  # refused once there are groups below, and set by then
        _write(above["memory"], "memory.use_hierarchy", 1)
    _write(above["memory"], "memory.limit_in_bytes", all_memory)
    _write(above["cpu"], "cpu.shares", _V1_SHARES)
    own = {resource: f"{folder}/{name}" for resource, folder in above.items()}
    for folder in own.values():
        os.makedirs(folder, exist_ok=True)
    _write(own["memory"], "memory.limit_in_bytes", memory)
    with contextlib.suppress(OSError):  # a kernel that does not count swap
        _write(own["memory"], "memory.memsw.limit_in_bytes", memory)
    _write(own["pids"], "pids.max", processes)
    return Group(list(own.values()))


def _write(folder: str, file: str, value: int | str) -> None:
    with open(f"{folder}/{file}", "w") as opened:
        opened.write(str(value))


def _kill_all(folder: str) -> None:
    with open(f"{folder}/cgroup.procs") as file:
        for process in file.read().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(process), signal.SIGKILL)
