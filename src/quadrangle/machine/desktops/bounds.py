"""How sandboxes can be bounded on this machine, found by trying."""

import os
import subprocess
import tempfile
from pathlib import Path

from quadrangle.machine.desktops.bubblewrap import PATH
from quadrangle.machine.desktops.settings import MIB, DesktopSettings

_TRY_S = 10
_RESERVE = 1024 * MIB  # for the service, its database and the system


class Bounds:
    """Looks once and remembers. `as_root` tells whether sandboxes run as users of their own."""

    def __init__(self, settings: DesktopSettings) -> None:
        self._settings = settings
        self.as_root = os.geteuid() == 0
        self._has_images: bool | None = None
        self._scope: list[str] | None = None

    def has_images(self) -> bool:
        """Tell whether a home can be a file system of its own, in a file: the disk's only hard
        bound. Else it is a folder that the shim looks into every second."""
        if self._has_images is None:
            self._has_images = self.as_root and _can_mount()
        return self._has_images

    def scope(self) -> list[str]:
        """Return what a command is preceded by to be bounded as a whole by the user's systemd;
        nothing for root, whose shims make control groups, and where there is no such thing."""
        if self._scope is None:
            wanted = [] if self.as_root else self._systemd_run()
            self._scope = wanted if wanted and _runs([*wanted, "true"]) else []
        return self._scope

    def _systemd_run(self) -> list[str]:
        settings = self._settings
        bounds = (
            f"MemoryMax={settings.memory}M",
            "MemorySwapMax=0",
            f"TasksMax={settings.processes}",
        )
        options = [part for bound in bounds for part in ("-p", bound)]
        return ["systemd-run", "--user", "--scope", "--quiet", "--collect", *options, "--"]


def total_memory() -> int:
    """Return the machine's memory in bytes."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def memory_of_all() -> int:
    """Return how many bytes all sandboxes may take together."""
    return max(total_memory() - _RESERVE, total_memory() // 2)


def _can_mount() -> bool:
    """Try to mount a file, in a mount namespace that ends at once."""
    if not os.path.exists("/dev/loop-control"):
        return False
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder, "try.img")
        image.touch()
        os.truncate(image, 2 * MIB)
        return _runs(["mkfs.ext4", "-q", "-F", "-O", "^has_journal", str(image)]) and _runs(
            [*in_own_mounts(), "mount", "-o", "loop", str(image), folder]
        )


def in_own_mounts() -> list[str]:
    """Return what a command of root is preceded by so that its mounts end with it."""
    return ["unshare", "--mount", "--propagation", "private", "--"]


def _runs(command: list[str]) -> bool:
    environment = {name: os.environ[name] for name in _BUS if name in os.environ}
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_TRY_S, env={"PATH": PATH, **environment}
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


_BUS = ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")  # how systemd-run finds its manager
