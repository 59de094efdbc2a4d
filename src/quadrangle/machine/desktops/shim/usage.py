"""How much a folder holds, looked at no more often than is cheap."""

import contextlib
import os
import shutil
import stat
import time
from collections.abc import Iterator

MOST_ENTRIES = 200_000  # more are too many to count every time, and count as too much
_EVERY_S = 1.0
_SHARE = 0.05  # of the time may go into looking


class Watch:
    """Tells when a folder, and what the processes beside `init` deleted and keep open, takes more
    than it may."""

    def __init__(self, folder: str, most_bytes: int, init: int) -> None:
        self._folder = folder
        self._most = most_bytes
        self._init = init
        self._next = 0.0

    def is_over(self) -> bool:
        """Look, if it is time to. A folder whose content changes meanwhile is counted roughly."""
        began = time.monotonic()
        if began < self._next:
            return False
        used = used_bytes(self._folder, self._most)
        if used <= self._most:
            used += deleted_bytes(self._init, os.stat(self._folder).st_dev)
        over = used > self._most
        ended = time.monotonic()
        self._next = ended + max(_EVERY_S, (ended - began) / _SHARE)
        return over


def used_bytes(folder: str, most: int) -> int:
    """Return what a folder takes on disk, or some number above `most` once that is clear."""
    total = entries = 0
    folders = [folder]
    while folders and total <= most:
        folder = folders.pop()
        try:
            with os.scandir(folder) as found:
                for entry in found:
                    entries += 1
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
        except PermissionError:
            open_up(folder)  # counted the next time
        except OSError:  # gone in the meantime
            continue
        if entries > MOST_ENTRIES:
            return most + 1
    return total


def deleted_bytes(init: int, device: int) -> int:
    """Return what open files without a name take on `device`, in the namespace of `init`."""
    sizes = {}
    namespace = _namespace(str(init))
    for process in os.listdir("/proc"):
        if process.isdigit() and namespace and _namespace(process) == namespace:
            for about in _open_files(process):
                if stat.S_ISREG(about.st_mode) and not about.st_nlink and about.st_dev == device:
                    sizes[about.st_ino] = about.st_blocks * 512
    return sum(sizes.values())


def _namespace(process: str) -> str | None:
    with contextlib.suppress(OSError):
        return os.readlink(f"/proc/{process}/ns/pid")
    return None


def _open_files(process: str) -> Iterator[os.stat_result]:
    with contextlib.suppress(OSError):
        for descriptor in os.listdir(f"/proc/{process}/fd"):
            with contextlib.suppress(OSError):
                yield os.stat(f"/proc/{process}/fd/{descriptor}")


def open_up(folder: str) -> None:
    """Take back a closed folder, where things could be hidden from us. It is our own user's."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_PATH | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.chmod(f"/proc/self/fd/{descriptor}", 0o700)
        finally:
            os.close(descriptor)


def remove_tree(folder: str | os.PathLike[str]) -> None:
    """Remove a folder that somebody may have closed parts of. Raises OSError."""
    open_up(os.fspath(folder))
    for above, names, _ in os.walk(folder):
        for name in names:
            open_up(os.path.join(above, name))
    shutil.rmtree(folder)
