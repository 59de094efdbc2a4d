"""How many desktops fit on this machine."""

import os
from pathlib import Path

from quadrangle.machine.desktops.bounds import memory_of_all
from quadrangle.machine.desktops.programs import Part, Programs
from quadrangle.machine.desktops.settings import MIB, DesktopSettings
from quadrangle.meetings.desktops.ports import Capacity


def capacity(settings: DesktopSettings, programs: Programs) -> Capacity:
    """Return how many desktops fit at once by memory, processors and the setting."""
    why = programs.unavailable(Part.TERMINAL)
    if why is not None:
        return Capacity(desktops=0, why=why)
    processors = len(os.sched_getaffinity(0))
    fits = [
        (memory_of_all() // (settings.expected_memory * MIB), "by the memory of this machine"),
        (processors * settings.per_processor, "by the processors of this machine"),
    ]
    if settings.most:
        fits.append((settings.most, "by the setting QUADRANGLE_DESKTOPS_MOST"))
    number, reason = min(fits)
    return Capacity(desktops=number, why=f"{number} desktops fit at once {reason}.")


def has_disk_for_one(settings: DesktopSettings, root: Path) -> bool:
    """Tell whether the disk has room for one more home filled to its bound."""
    disk = os.statvfs(root)
    return disk.f_bavail * disk.f_frsize >= settings.home * MIB
