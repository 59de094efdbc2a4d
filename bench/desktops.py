"""Desktops of meetings: launch to usable beside Xvnc and XFCE started by hand, and memory.

Usable is when the panel and the background are drawn, seen by an RFB client that looks again and
again. By hand means without a sandbox, bounds or a disk of its own, with the same configuration.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from quadrangle.kernel.clock import SystemClock
from quadrangle.machine.desktops import programs
from quadrangle.machine.desktops.programs import Part, Programs
from quadrangle.machine.desktops.settings import DesktopSettings
from quadrangle.meetings.desktops.model import Machine
from quadrangle.meetings.model import MeetingRole, Workspace
from tests.machine.desktops.launches import new_order, provider
from tests.machine.desktops.processes import init_of, inside, outer_of, shim_of
from tests.machine.desktops.rfb_client import RfbClient
from tests.machine.desktops.waiting import answers_soon

ROUNDS = 7
AIM = 1.3
_INSIDE = Path(programs.__file__).with_name("inside")
_DISPLAY = ":93"
_PANEL, _BACKGROUND, _BLUE = (5, 4), (640, 700), (46, 74, 97)
_PATIENCE_S = 60
_SETTLED_S = 4


def run() -> str:
    """Measure, by turns, and return a section of the page of results."""
    missing = Programs(DesktopSettings(data=Path("/nonexistent"))).unavailable(Part.DESKTOP)
    if missing is not None:
        return f"### Desktops\n\nNot measured. {missing}\n"
    ours, by_hand = [], []
    for _ in range(ROUNDS):
        by_hand.append(_by_hand())
        ours.append(asyncio.run(_ours()))
    ratio = statistics.median(a / b for a, b in zip(ours, by_hand, strict=True))
    desktop, terminal = (asyncio.run(_memory(each)) for each in Workspace)
    rows = [
        ("launch to usable desktop", f"{statistics.median(ours):.2f} s"),
        ("Xvnc and XFCE started by hand", f"{statistics.median(by_hand):.2f} s"),
        (f"ours of it (aim: at most {AIM} ×)", f"{ratio:.2f} ×"),
        ("launch to a terminal that answers", f"{asyncio.run(_terminal()):.2f} s"),
        ("memory of a running desktop, nothing open (PSS)", f"{desktop:.0f} MiB"),
        ("memory of a running terminal (PSS)", f"{terminal:.0f} MiB"),
    ]
    return "### Desktops\n\n| | |\n|---|---|\n" + "".join(f"| {a} | {b} |\n" for a, b in rows)


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="b-"))
    yield path
    shutil.rmtree(path)


async def _launched(settings: DesktopSettings, workspace: Workspace) -> Machine:
    desktops = provider(settings)
    ends_at = SystemClock().now() + timedelta(minutes=5)
    await desktops.launch(new_order(workspace, MeetingRole.STUDENT, "bench", ends_at))
    machine = await desktops.find("bench")
    assert machine is not None
    return machine


async def _ours() -> float:
    with _folder() as folder:
        settings = DesktopSettings(data=folder)
        began = time.perf_counter()
        machine = await _launched(settings, Workspace.DESKTOP)
        assert machine.address is not None
        usable = _usable(Path(machine.address)) - began
        await provider(settings).terminate(machine.machine_id)
    return usable


async def _terminal() -> float:
    took = []
    for _ in range(ROUNDS):
        with _folder() as folder:
            settings = DesktopSettings(data=folder)
            began = time.perf_counter()
            machine = await _launched(settings, Workspace.TERMINAL)
            await answers_soon(provider(settings), machine)
            took.append(time.perf_counter() - began)
            await provider(settings).terminate(machine.machine_id)
    return statistics.median(took)


async def _memory(workspace: Workspace) -> float:
    """Return MiB of everything that runs for one, ours too."""
    with _folder() as folder:
        settings = DesktopSettings(data=folder)
        machine = await _launched(settings, workspace)
        if workspace is Workspace.DESKTOP:
            _usable(Path(machine.address or ""))
        await asyncio.sleep(_SETTLED_S)
        place = settings.folder / machine.machine_id
        processes = [*inside(init_of(place)), outer_of(place), shim_of(place)]
        total = sum(_pss_kib(each) for each in processes) / 1024
        await provider(settings).terminate(machine.machine_id)
    return total


def _pss_kib(process: int) -> int:
    text = Path(f"/proc/{process}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))


def _by_hand() -> float:
    with _folder() as folder:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "XDG_CONFIG_DIRS": f"{_INSIDE / 'xdg'}:/etc/xdg",
            "DISPLAY": _DISPLAY,
            "LANG": "C.UTF-8",
            "NO_AT_BRIDGE": "1",
            "GTK_A11Y": "none",
        }
        path = folder / "rfb.sock"
        server = ["Xvnc", _DISPLAY, "-rfbport", "-1", "-rfbunixpath", str(path)]
        server += ["-SecurityTypes", "None", "-geometry", "1280x800", "-depth", "24"]
        script = f"{' '.join(server)} & until [ -S /tmp/.X11-unix/X{_DISPLAY[1:]} ]; do sleep 0.02"
        script += "; done; exec dbus-run-session -- xfce4-session"
        began = time.perf_counter()
        session = subprocess.Popen(
            ["sh", "-c", script],
            env=environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        usable = _usable(path) - began
        _end_session(session)
    return usable


def _usable(path: Path) -> float:
    """Return when panel and background were seen."""
    deadline = time.perf_counter() + _PATIENCE_S
    while not path.exists():
        _check(deadline)
    client = RfbClient(path)
    while True:
        picture = client.picture()
        drawn = min(picture.getpixel(_PANEL)) > 200  # type: ignore[type-var, arg-type]
        if drawn and picture.getpixel(_BACKGROUND) == _BLUE:
            client.close()
            return time.perf_counter()
        _check(deadline)


def _check(deadline: float) -> None:
    if time.perf_counter() > deadline:
        raise TimeoutError("no desktop was drawn")
    time.sleep(0.01)


def _end_session(leader: subprocess.Popen[bytes]) -> None:
    """End what was started by hand: all of its session, as it leaves the group."""
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            session = Path(f"/proc/{int(name)}/stat").read_text().rpartition(")")[2].split()[3]
            if int(session) == leader.pid:
                os.kill(int(name), signal.SIGKILL)
    leader.wait()
    for trace in (f"/tmp/.X11-unix/X{_DISPLAY[1:]}", f"/tmp/.X{_DISPLAY[1:]}-lock"):
        Path(trace).unlink(missing_ok=True)
