"""Makes ready what a sandbox is put together from.

A sandbox runs as a user that may not look into the data folder, nor perhaps into the folder of this
program. So a shim of root, which has a mount namespace of its own, shows it just what it needs
below one folder. That ends with the namespace: nothing has to be unmounted.
"""

import os
import subprocess

from quadrangle.machine.desktops.shim.plan import Plan

FILES, TAKE_HOME = "Files", "Take home"
HOME, DISPLAYS = "home", "x11"  # in the disk: the person's home, and the socket of the display
_INODES_BYTES = 16384  # one file for so many bytes


class StageFailed(Exception):
    """The sandbox cannot be put together; the message says why."""


def make_ready(plan: Plan) -> None:
    """Mount and make what the plan asks for. Raises StageFailed."""
    try:
        if plan.image:
            _make_image(plan)
        if plan.stage:
            _mount("-t", "tmpfs", "-o", "size=1m,mode=755,nosuid,nodev", "tmpfs", plan.stage)
        if plan.disk:
            os.makedirs(plan.disk, exist_ok=True)
        for source, target in plan.binds:
            os.makedirs(source, exist_ok=True)
            os.makedirs(target, exist_ok=True)
            _mount("--bind", source, target)
        if plan.image:
            _mount("-o", "loop,nosuid,nodev,noatime", plan.image, plan.disk)
        if plan.disk:
            _make_folders(plan.disk, plan.user)
    except OSError as error:
        raise StageFailed(f"The sandbox's files cannot be made: {error.strerror}.") from error


def _make_image(plan: Plan) -> None:
    """A file system in a sparse file; without a journal, as nobody reads it after a crash of the
    whole machine."""
    descriptor = os.open(plan.image, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    os.truncate(descriptor, plan.image_bytes)
    os.close(descriptor)
    options = ["-q", "-F", "-m", "0", "-i", str(_INODES_BYTES), "-O", "^has_journal"]
    _run("mkfs.ext4", *options, "-E", "lazy_itable_init=1", plan.image)


def _mount(*arguments: str) -> None:
    _run("mount", *arguments)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise StageFailed(f"{command[0]} did not work: {done.stderr.strip()[:200]}")


def _make_folders(disk: str, user: int | None) -> None:
    """The home as a person finds it: what was put in and what is kept lie on the desktop."""
    home = f"{disk}/{HOME}"
    made = [home, f"{disk}/{DISPLAYS}"]
    made += [f"{home}/{name}" for name in ("Desktop", FILES, TAKE_HOME)]
    for folder in made:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    for folder in (disk, f"{disk}/{DISPLAYS}"):
        os.chmod(folder, 0o755)
    for name in (FILES, TAKE_HOME):
        link = f"{home}/Desktop/{name}"
        if not os.path.islink(link):  # a start before this one may have got so far
            os.symlink(f"../{name}", link)
        made.append(link)
    if user is not None:
        for path in made:
            os.chown(path, user, user, follow_symlinks=False)
