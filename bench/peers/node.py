"""Peers that are programs of Node.js, installed by npm from the lock file beside them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from bench.peers.process import fingerprint, is_installed, run

OLDEST = (20, 19)


def lacking(program: str) -> str | None:
    """None where npm and a Node.js that suits `program` are found, else why not."""
    if shutil.which("npm") is None:
        return "npm is not installed."
    found = _version()
    if found is None:
        return "Node.js is not installed."
    if found < OLDEST:
        return f"{program} needs Node.js {_dotted(OLDEST)} or newer, not {_dotted(found)}."
    return None


def install(source: Path, project: Path) -> None:
    """Copy `source` to `project` and install what its lock file names; PeerError when npm fails."""
    shutil.copytree(
        source, project, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules")
    )
    stamp = project / "stamp"
    wanted = fingerprint(source / "package-lock.json", _dotted(_version() or ()))
    if not is_installed(stamp, wanted):
        stamp.unlink(missing_ok=True)
        # The native parts come prebuilt in their packages, so no install script has to run.
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        run(command, cwd=project, log=project / "install.log")
        stamp.write_text(wanted)


def _version() -> tuple[int, ...] | None:
    """Node's major and minor version, or None where there is no Node."""
    if shutil.which("node") is None:
        return None
    found = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    return tuple(int(part) for part in re.findall(r"\d+", found.stdout)[:2])


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
