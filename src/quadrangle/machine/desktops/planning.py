"""Puts together what a shim is told: the sandbox, its bounds, and where things lie."""

import sys
from pathlib import Path

from quadrangle.kernel.clock import from_text
from quadrangle.machine.desktops.bounds import Bounds, memory_of_all
from quadrangle.machine.desktops.bubblewrap import HOME, SEEN, sandbox, sealed
from quadrangle.machine.desktops.records import DISK, GIVEN, IMAGE, Record, group_of, socket_name
from quadrangle.machine.desktops.settings import MIB, DesktopSettings
from quadrangle.machine.desktops.shim import stage
from quadrangle.machine.desktops.shim.plan import INFO_FD, Plan
from quadrangle.meetings.model import Workspace

NICE = 10
OOM_SCORE = 500  # of 1000: where memory runs out on the whole machine, sandboxes go first
SOURCE = Path(__file__).parents[3]  # the folder that `quadrangle` lies in
_STAGES = ("/mnt", "/media", "/srv", "/opt", "/home")
_SERVE_TERMINAL = (
    f"import sys; sys.path.insert(0, '{SEEN}/lib'); "
    "from quadrangle.portable.terminal.pty_server import main; main()"
)


class Place:
    """Where a machine's things are for who starts its sandbox.

    A sandbox of root's runs as a user who may not look into the machine's folder, so its shim
    shows it what it needs below `stage`, in a mount namespace of its own.
    """

    def __init__(self, folder: Path, user: int | None) -> None:
        self._folder = folder
        self.stage = None if user is None else _stage_for(folder)
        at = self.stage or folder
        self.given = at / GIVEN
        self.disk = at / DISK
        self.home = self.disk / stage.HOME
        self.displays = self.disk / stage.DISPLAYS

    def binds(self, *, image: bool) -> list[list[str]]:
        """Return what is shown below the stage; the disk, too, unless it is mounted there."""
        if self.stage is None:
            return []
        names = [GIVEN] if image else [GIVEN, DISK]
        return [[str(self._folder / name), str(self.stage / name)] for name in names]


def _stage_for(folder: Path) -> Path:
    """Return a folder that every system has and that hides nothing of ours."""
    ours = [folder.resolve(), SOURCE, Path(sys.prefix), Path(sys.base_prefix)]
    stages = [Path(each) for each in _STAGES]
    return next(s for s in stages if s.is_dir() and not any(p.is_relative_to(s) for p in ours))


def plan_machine(folder: Path, record: Record, settings: DesktopSettings, bounds: Bounds) -> Plan:
    """Return what the shim of a desktop or terminal is told."""
    place = Place(folder, record.user)
    image = bounds.has_images()
    home = settings.home * MIB
    return Plan(
        folder=str(folder),
        command=[*bounds.scope(), *_command(place, record.order.workspace, settings)],
        ends_at=from_text(record.order.ends_at).timestamp(),
        socket=socket_name(record.order.workspace),
        disk=str(place.disk),
        image=str(folder / IMAGE) if image else "",
        image_bytes=home if image else 0,
        watch_bytes=0 if image else home,
        file_bytes=home,
        user=record.user,
        stage=str(place.stage or ""),
        binds=place.binds(image=image),
        group="" if record.user is None else group_of(folder),
        memory_bytes=settings.memory * MIB,
        all_memory_bytes=memory_of_all(),
        processes=settings.processes,
        nice=NICE,
        oom_score=OOM_SCORE,
    )


def _command(place: Place, workspace: Workspace, settings: DesktopSettings) -> list[str]:
    binds = ["--bind", str(place.home), HOME]
    if workspace is Workspace.DESKTOP:
        binds += ["--bind", str(place.displays), "/tmp/.X11-unix"]
    most = settings.processes
    return [
        *sandbox(place.given, network=settings.network, locale=settings.locale),
        *_hidden(settings),
        *("--info-fd", str(INFO_FD), *sealed(*binds), "--chdir", HOME, "--"),
        # Inside, as there the kernel counts (since 5.14) the processes of this sandbox alone.
        *("prlimit", f"--nproc={most}:{most}"),
        *_session(workspace, settings),
    ]


def _hidden(settings: DesktopSettings) -> list[str]:
    """Hide the data folder where it lies among the machine's programs, which are shown."""
    data = settings.data.resolve()
    return ["--tmpfs", str(data)] if data.is_relative_to("/usr") else []


def _session(workspace: Workspace, settings: DesktopSettings) -> list[str]:
    if workspace is Workspace.DESKTOP:
        return [f"{SEEN}/desktop.sh", settings.geometry, "1" if settings.resize else "0"]
    python = ["/usr/bin/python3", "-I", "-S", "-B", "-c", _SERVE_TERMINAL]
    return [*python, "/bin/bash", "-l"]
