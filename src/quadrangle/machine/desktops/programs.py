"""Which programs desktops need, and whether this machine can run them."""

import os
import shutil
import subprocess
from enum import StrEnum
from pathlib import Path

from quadrangle.machine.desktops.bubblewrap import PATH, namespaces, system
from quadrangle.machine.desktops.settings import DesktopSettings
from quadrangle.meetings.model import Workspace

_PROBE_S = 10


class Part(StrEnum):
    """What a program is needed for; a desktop also needs what a terminal does."""

    TERMINAL = "terminal"
    DESKTOP = "desktop"
    RECORDING = "recording"


_NEEDS = {
    Part.TERMINAL: {Part.TERMINAL},
    Part.DESKTOP: {Part.TERMINAL, Part.DESKTOP},
    Part.RECORDING: {Part.TERMINAL, Part.DESKTOP, Part.RECORDING},
}


def part_of(workspace: Workspace) -> Part:
    return Part.DESKTOP if workspace is Workspace.DESKTOP else Part.TERMINAL


class Programs:
    """Looks at this machine anew each time, so that what is installed meanwhile is found."""

    def __init__(self, settings: DesktopSettings, listed: Path | None = None) -> None:
        self._user = settings.first_user if os.geteuid() == 0 else None
        self._listed = listed or Path(__file__).with_name("packages.txt")
        self._proved = False

    def unavailable(self, part: Part) -> str | None:
        """Return a sentence why there is none of `part` on this machine, None where there is."""
        packages = self._missing(part)
        if packages:
            return f"Not installed: {', '.join(packages)}. As root: {apt_line(packages)}"
        # Only a success is remembered: an operator who mends it need not restart us.
        self._proved = self._proved or sandboxes_work(self._user)
        return None if self._proved else _NO_SANDBOXES

    def _missing(self, part: Part) -> list[str]:
        lines = [line.split() for line in self._listed.read_text().splitlines()]
        return [package for name, package, of in lines if of in _NEEDS[part] and not _there(name)]


def apt_line(packages: list[str]) -> str:
    """Return the one line that installs packages."""
    return f"apt install --no-install-recommends {' '.join(packages)}"


_NO_SANDBOXES = (
    "Sandboxes do not work here: bwrap may not make namespaces. In a container it needs leave to; "
    "on Ubuntu see kernel.apparmor_restrict_unprivileged_userns, on old Debian "
    "kernel.unprivileged_userns_clone."
)


def _there(name: str) -> bool:
    return os.path.exists(name) if name.startswith("/") else bool(shutil.which(name, path=PATH))


def sandboxes_work(user: int | None) -> bool:
    """Tell whether bwrap can make what sandboxes need, as the user that they will run as."""
    identity = {} if user is None else {"user": user, "group": user, "extra_groups": []}
    command = ["bwrap", *namespaces(network=False), *system(), "--proc", "/proc", "--dev", "/dev"]
    try:
        done = subprocess.run(
            [*command, "/usr/bin/true"],
            capture_output=True,
            timeout=_PROBE_S,
            env={"PATH": PATH},
            cwd="/",
            **identity,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
