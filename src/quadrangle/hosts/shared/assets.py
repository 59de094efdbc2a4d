"""Scripts, stylesheets, pictures and libraries at addresses that name what they hold.

Below `/v/<hash of all of them>/` the whole tree stands as it is on disk, so what a module or a
stylesheet names by a relative address is found beside it. Pages name that folder, and browsers keep
what is in it without asking again; the plain addresses hold, too.
"""

import hashlib
import os
import re
from pathlib import Path

KEPT = "public, max-age=31536000, immutable"  # another content has another address
FOLDERS = frozenset({"css", "img", "js", "vendor"})
_NAMED = re.compile(rb'\b(href|src)="/(css|img|js|vendor)/')


def asset_files(root: Path) -> list[Path]:
    """Return the files that are served at versioned addresses, in order."""
    found: list[Path] = []
    for folder in sorted(FOLDERS):
        for where, below, names in os.walk(root / folder):
            below[:] = sorted(name for name in below if not name.startswith("."))
            found += [Path(where, name) for name in sorted(names) if not name.startswith(".")]
    return found


def version_of(root: Path) -> str:
    """Return what names the content of all assets below `root`: 16 hexadecimal digits."""
    told = hashlib.sha256()
    for path in asset_files(root):
        content = hashlib.sha256(path.read_bytes()).digest()
        told.update(path.relative_to(root).as_posix().encode() + b"\0" + content)
    return told.hexdigest()[:16]


def with_versions(page: bytes, version: str) -> bytes:
    """Return a page that names its assets at the addresses of `version`."""
    return _NAMED.sub(rb'\1="/v/' + version.encode() + rb"/\2/", page)


class Version:
    """The version of the assets below `root`, looked at again when a file of them changes.

    Whether one did is asked at most once in `again_s` seconds, on the caller's own clock.
    """

    def __init__(self, root: Path, again_s: float) -> None:
        self._root = root
        self._again_s = again_s
        self._asked = float("-inf")
        self._seen: list[tuple[str, int, int]] | None = None
        self._version = ""

    def at(self, seconds: float) -> str:
        """Return the version as it is now; `seconds` is of a clock that never goes back."""
        if seconds - self._asked < self._again_s:
            return self._version
        self._asked = seconds
        seen = [_state(path) for path in asset_files(self._root)]
        if seen != self._seen:
            self._seen, self._version = seen, version_of(self._root)
        return self._version


def _state(path: Path) -> tuple[str, int, int]:
    stat = path.stat()
    return str(path), stat.st_mtime_ns, stat.st_size
