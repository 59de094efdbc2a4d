"""The sandbox of one program: what it shares with the machine, and what it may use."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import msgspec

_PATH = "/usr/local/bin:/usr/bin:/bin"
_PROGRAMS = {
    "bwrap": "bubblewrap",
    "ffmpeg": "ffmpeg",
    "ffprobe": "ffmpeg",
    "prlimit": "util-linux",
}
_PROBE_S = 10
_KILL_AFTER_S = 2
_OPEN_FILES = 512
_NOBODY = 65534
TIMED_OUT = 124  # of timeout(1)
SOURCE_AT, FOLDER_AT = "/in", "/out"
NO_SANDBOXES = (
    "Sandboxes do not work here: bwrap may not make namespaces. In a container it needs leave to; "
    "on Ubuntu see kernel.apparmor_restrict_unprivileged_userns, on old Debian "
    "kernel.unprivileged_userns_clone."
)


class Bounds(msgspec.Struct, frozen=True):
    """What one program may use: memory and the size of each file in bytes, processor and clock in
    seconds."""

    memory: int
    file: int
    work_s: int
    clock_s: int
    nice: int = 0


def jailed(
    program: list[str],
    bounds: Bounds,
    *,
    source: Path | None = None,
    folder: Path | None = None,
    reads: Sequence[Path] = (),
) -> list[str]:
    """Return the command that runs `program` apart from everything.

    It reads `source` as /in, and writes into `folder` as /out, where it starts. `reads` are folders
    of this machine that it finds where they are.
    """
    binds = [word for place in reads for word in ("--ro-bind", str(place), str(place))]
    if source is not None:
        binds += ["--ro-bind", str(source.absolute()), SOURCE_AT]
    if folder is not None:
        binds += ["--bind", str(folder.absolute()), FOLDER_AT]
    return [
        *("bwrap", *_namespaces(), *_system(), "--dev", "/dev", *binds),
        *("--remount-ro", "/dev", "--remount-ro", "/"),
        *("--chdir", "/" if folder is None else FOLDER_AT, "--"),
        *_bounded(bounds),
        *program,
    ]


def _namespaces() -> list[str]:
    return [
        *("--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent"),
        *("--new-session", "--uid", str(_NOBODY), "--gid", str(_NOBODY)),
        *("--cap-drop", "ALL", "--hostname", "jail", "--clearenv", "--setenv", "PATH", _PATH),
        *("--setenv", "LANG", "C.UTF-8"),
    ]


def _system() -> list[str]:
    """The machine's programs and libraries, read-only, and nothing else of it."""
    arguments = ["--ro-bind", "/usr", "/usr"]
    for name in ("/bin", "/lib", "/lib64", "/lib32", "/libx32"):
        if os.path.islink(name):
            arguments += ["--symlink", os.readlink(name).lstrip("/"), name]
        elif os.path.isdir(name):
            arguments += ["--ro-bind", name, name]
    for name in ("/etc/alternatives", "/etc/ld.so.cache"):  # how libraries are found
        arguments += ["--ro-bind-try", name, name]
    return arguments


def _bounded(bounds: Bounds) -> list[str]:
    return [
        *("prlimit", f"--data={bounds.memory}", f"--fsize={bounds.file}", "--core=0"),
        *(f"--cpu={bounds.work_s}", f"--nofile={_OPEN_FILES}"),
        *("timeout", "-k", str(_KILL_AFTER_S), str(bounds.clock_s)),
        *(() if bounds.nice == 0 else ("nice", "-n", str(bounds.nice))),
    ]


def environment() -> dict[str, str]:
    """Return what bwrap itself gets: nothing of ours, as settings hold secrets."""
    return {"PATH": _PATH}


def lacking() -> str:
    """Return "" where everything is there, else one line that says what to do."""
    packages = sorted({p for name, p in _PROGRAMS.items() if not shutil.which(name, path=_PATH)})
    if packages:
        names = " ".join(packages)
        return f"Not installed: {', '.join(packages)}. As root: apt install " + (
            f"--no-install-recommends {names}"
        )
    return "" if _sandboxes_work() else NO_SANDBOXES


def _sandboxes_work() -> bool:
    command = jailed(["true"], Bounds(memory=1 << 30, file=1, work_s=5, clock_s=5))
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_PROBE_S, env=environment(), cwd="/"
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
