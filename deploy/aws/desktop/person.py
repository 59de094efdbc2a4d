"""Files of the person whose desktop it is, with that person's rights: what they made of their home
can lead nowhere that they may not go.

`person.py put NAME` writes what it reads, `person.py changed` says when there was last something
new to take home, `person.py pack` writes a zip of it.
"""

from __future__ import annotations

import contextlib
import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

HOME = Path("/home/student")
FILES, TAKE_HOME = "Files", "Take home"
# What is taken home may have 500 MiB as a zip; some of that is the zip's own.
LARGEST = 495 * 1024 * 1024
LEFT_OUT = "Left out.txt"
# The comment of a zip that does not hold everything.
PARTIAL = b"Some files were left out: see Left out.txt."


def put(name: str, content: bytes, home: Path = HOME) -> None:
    """Write a file into the folder of files, unless it is there. Raises OSError."""
    folder = home / FILES
    folder.mkdir(exist_ok=True)
    part = folder / f".{os.getpid()}.part"
    part.write_bytes(content)
    with contextlib.suppress(FileExistsError):
        os.link(part, folder / name)
    part.unlink()


def to_take_home(home: Path = HOME) -> Iterator[Path]:
    """Yield the files, without links and what they lead to."""
    for folder, _, names in os.walk(home / TAKE_HOME):
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path


def changed(home: Path = HOME) -> float:
    """Return when the newest of them, or their folder, changed; 0 where there is nothing."""
    files = list(to_take_home(home))
    return max(path.stat().st_mtime for path in [home / TAKE_HOME, *files]) if files else 0


def pack(out: BinaryIO, home: Path = HOME) -> None:
    """Write a zip of them, up to the bound; what was left out is named in it."""
    room, left_out, taken = LARGEST, [], set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for path in to_take_home(home):
            name = str(path.relative_to(home / TAKE_HOME)).encode(errors="replace").decode()
            try:
                size = path.stat().st_size
                with path.open("rb"):
                    pass
            except OSError:
                size = room + 1
            if size > room:
                left_out.append(name)
                continue
            room -= size
            taken.add(name)
            archive.write(path, name)
        if left_out:
            lines = ["These did not fit, or could not be read:", *left_out[:1000]]
            lines += [f"and {len(left_out) - 1000} more"] if len(left_out) > 1000 else []
            name = next(n for n in (LEFT_OUT, f"Left out {os.getpid()}.txt") if n not in taken)
            archive.writestr(name, "\n".join(lines) + "\n")
            archive.comment = PARTIAL


if __name__ == "__main__":
    if sys.argv[1] == "put":
        put(sys.argv[2], sys.stdin.buffer.read())
    elif sys.argv[1] == "changed":
        print(changed())
    else:
        pack(sys.stdout.buffer)
