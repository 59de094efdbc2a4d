"""Runs as a child process: reads or writes one home with the rights of its person.

Whoever lives in a home may have put anything there, also while this looks: links that lead out of
it, pipes that never end, files without end. So nothing but folders and plain files is opened, no
link is followed, every step is bounded, and this process is that person's user while it looks.

Standard library only: it may run where nothing else is readable.
"""

import contextlib
import errno
import heapq
import os
import resource
import secrets
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from quadrangle.machine.desktops.shim.stage import FILES, TAKE_HOME

# exit codes
DONE, FAILED, NO_ROOM, NO_FOLDER = 0, 1, 3, 4
MOST_FILES = 20_000
MOST_DEPTH = 40
MOST_SEEN = 100_000  # names; beyond them nothing is looked at
MOST_NAMED = 1000  # of those that are left out
LEFT_OUT = "Left out.txt"
# The comment of a zip that does not hold everything (see DesktopFiles).
PARTIAL = b"Some files were left out: see Left out.txt."
_SECONDS = 120
_MEMORY_BYTES = 512 * 1024 * 1024
_CHUNK = 256 * 1024
_ZIP_BEGINS, _ZIP_ENDS = 315532800, 4354819198  # 1980 to 2107, which is what a zip can say
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without waiting for whoever may write into a pipe.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def main() -> None:
    """Arguments: what to do, the home, its user ("-": our own), an image to mount and where ("-":
    none), and for "put" the name, for "pack" the most bytes."""
    verb, home, user, image, place, argument = sys.argv[1:]
    if image != "-":
        command = ["mount", "-o", "loop,ro,nosuid,nodev,noexec", image, place]
        subprocess.run(command, check=True, capture_output=True)
    folder = os.open(home, _FOLDER)
    _confine(None if user == "-" else int(user))
    sys.exit(_pack(folder, int(argument)) if verb == "pack" else _put(folder, argument))


def _confine(user: int | None) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)


def _put(home: int, name: str) -> int:
    """Write standard input into the folder Files, unless there is something of that name."""
    try:
        with contextlib.suppress(FileExistsError):
            os.mkdir(FILES, 0o700, dir_fd=home)
        folder = os.open(FILES, _FOLDER, dir_fd=home)
    except OSError as error:
        return NO_ROOM if error.errno in (errno.ENOSPC, errno.EDQUOT) else NO_FOLDER
    temporary = f".{secrets.token_hex(8)}~"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with open(os.open(temporary, flags, 0o600, dir_fd=folder), "wb") as file:
            while chunk := sys.stdin.buffer.read(_CHUNK):
                file.write(chunk)
        with contextlib.suppress(FileExistsError):
            os.link(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError as error:
        return NO_ROOM if error.errno in (errno.ENOSPC, errno.EDQUOT) else FAILED
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)
    return DONE


class _Found(NamedTuple):
    """A file, or with `left_out` what stays behind there: so many names, 0 where nobody counted."""

    folder: int
    name: str
    path: str
    left_out: int | None = None


def _pack(home: int, most: int) -> int:
    """Write a zip of the folder Take home to standard output; nothing where nothing lies there."""
    try:
        folder = os.open(TAKE_HOME, _FOLDER, dir_fd=home)
    except OSError:
        return DONE
    packer = _Packer(most)
    for seen, found in enumerate(_walk(folder, "", 0)):
        if seen >= MOST_SEEN:
            packer.leave_out("whatever came after this, which was not looked at", 0)
            break
        packer.add(found)
    packer.finish()
    return DONE


class _Packer:
    """Writes the zip, begun with the first file; says in it what was left out."""

    def __init__(self, most: int) -> None:
        self._room = most
        self._files = 0
        self._zip: zipfile.ZipFile | None = None
        self._left_out: list[str] = []
        self._unnamed = 0
        self._has_own = False  # a file of the person's that is called as ours

    def add(self, found: _Found) -> None:
        if found.left_out is not None:
            self.leave_out(found.path, found.left_out)
            return
        try:
            descriptor = os.open(found.name, _FILE, dir_fd=found.folder)
        except OSError:
            if _is_plain(found):
                self.leave_out(found.path)
            return
        with open(descriptor, "rb") as file:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                return
            if about.st_size > self._room or self._files >= MOST_FILES:
                self.leave_out(found.path)
                return
            self._files += 1
            self._has_own |= found.path == LEFT_OUT
            with self._open().open(_entry(found.path, about.st_mtime), "w") as target:
                # No more than was measured, however fast it grows.
                left = about.st_size
                while left and (chunk := file.read(min(left, _CHUNK))):
                    left -= len(chunk)
                    target.write(chunk)
                self._room -= about.st_size - left

    def leave_out(self, path: str, count: int = 1) -> None:
        """Have `path` named as left out, where it is not one too many; it stands for `count`."""
        if len(self._left_out) < MOST_NAMED:
            self._left_out.append(path if count == 1 else f"{path} ({count or 'all'} in it)")
        else:
            self._unnamed += count

    def finish(self) -> None:
        if self._left_out:
            archive = self._open()
            lines = ["These did not fit, lay too deep, or could not be read:", *self._left_out]
            lines += [f"and {self._unnamed} more"] if self._unnamed else []
            text = "\n".join(lines) + "\n"
            # a name may hold bytes that are no text
            archive.writestr(self._name(), text.encode(errors="replace"))
            archive.comment = PARTIAL
        if self._zip is not None:
            self._zip.close()

    def _name(self) -> str:
        return f"Left out {secrets.token_hex(4)}.txt" if self._has_own else LEFT_OUT

    def _open(self) -> zipfile.ZipFile:
        if self._zip is None:
            kind = zipfile.ZIP_DEFLATED
            self._zip = zipfile.ZipFile(sys.stdout.buffer, "w", kind, compresslevel=3)
        return self._zip


def _is_plain(found: _Found) -> bool:
    """Tell whether what could not be opened is a file: links and pipes are nobody's loss."""
    with contextlib.suppress(OSError):
        about = os.stat(found.name, dir_fd=found.folder, follow_symlinks=False)
        return stat.S_ISREG(about.st_mode)
    return False


def _entry(path: str, changed_at: float) -> zipfile.ZipInfo:
    """Return what the zip says of a file; `changed_at` is seconds since 1970, in UTC there too."""
    name = path.encode(errors="replace").decode().replace("\\", "_")
    at = time.gmtime(min(max(changed_at, _ZIP_BEGINS), _ZIP_ENDS))
    entry = zipfile.ZipInfo(name, date_time=at[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _walk(folder: int, above: str, depth: int) -> Iterator[_Found]:
    """Yield what lies in a folder and below, in order of names; the folder is closed then."""
    try:
        names, beyond = _names(folder)
        for name, is_folder in names:
            if not is_folder:
                yield _Found(folder, name, above + name)
            elif depth < MOST_DEPTH:
                yield from _below(folder, name, f"{above}{name}/", depth + 1)
            else:
                yield _Found(folder, name, f"{above}{name}/", 0)
        if beyond:
            yield _Found(folder, "", above or "./", beyond)
    finally:
        os.close(folder)


def _below(folder: int, name: str, path: str, depth: int) -> Iterator[_Found]:
    try:
        below = os.open(name, _FOLDER, dir_fd=folder)
        yield from _walk(below, path, depth)
    except OSError:
        yield _Found(folder, name, path, 0)


def _names(folder: int) -> tuple[list[tuple[str, bool]], int]:
    """Return the first names of a folder and whether each is one, and how many there are more."""
    with os.scandir(folder) as entries:
        each = _Counted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
        names = heapq.nsmallest(MOST_FILES, each)
    return names, each.count - len(names)


class _Counted:
    """Passes on what it is given, and knows how much that was."""

    def __init__(self, names: Iterator[tuple[str, bool]]) -> None:
        self._names = names
        self.count = 0

    def __iter__(self) -> Iterator[tuple[str, bool]]:
        for name in self._names:
            self.count += 1
            yield name
