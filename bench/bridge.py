"""The bridge from WebSockets to desktops, beside websockify on the same traffic: throughput in MB/s
and processor time of the server per MB; and with Xvnc and xterm installed, the time from a key to
the picture through the bridge and straight on the socket.
"""

from __future__ import annotations

import importlib.util
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.bridge_client import Channel, key_times
from bench.peers import process
from bench.peers.process import fingerprint, free_ports, is_installed

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "bench"
LOCK = Path(__file__).parent / "peers" / "websockify" / "requirements.txt"
TICKS = os.sysconf("SC_CLK_TCK")
KEYS = 60
ROUNDS = 5
MEGABYTES = 200


def run() -> str:
    """Measure, by turns, and return a section of the page of results."""
    return "\n".join([_traffic(_websockify(), ROUNDS, MEGABYTES), _keys()])


def _websockify() -> str:
    home = CACHE / "websockify"
    wanted = fingerprint(LOCK, sys.executable, sys.version)
    if not is_installed(home / "stamp", wanted):
        home.mkdir(parents=True, exist_ok=True)
        venv.create(home / "venv", with_pip=True, clear=True)
        pip = [str(home / "venv/bin/python"), "-m", "pip", "install", "--require-hashes"]
        process.run([*pip, "-r", str(LOCK)], cwd=home, log=home / "install.log")
        (home / "stamp").write_text(wanted)
    return str(home / "venv/bin/websockify")


# -- throughput -----------------------------------------------------------------------------------


def _traffic(websockify: str, rounds: int, megabytes: int) -> str:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        far = str(Path(name) / "far")
        ours = [sys.executable, "-m", "bench.bridge_server"]
        servers = {
            "websockify": lambda port: [websockify, f"127.0.0.1:{port}", f"--unix-target={far}"],
            "own desktop": lambda port: [*ours, str(port), far, "owner"],
            "watched desktop": lambda port: [*ours, str(port), far, "watch"],
        }
        found: dict[tuple[str, int], list[tuple[float, float]]] = {}
        with _running([sys.executable, "-m", "bench.bridge_far", far, str(megabytes)]):
            _wait_for(lambda: Path(far).exists())
            for _ in range(rounds):
                for at_once in (1, 4):
                    for label, command in servers.items():
                        measured = _measure(command, at_once, megabytes)
                        found.setdefault((label, at_once), []).append(measured)
    return _traffic_table(found)


def _measure(command, at_once: int, megabytes: int) -> tuple[float, float]:
    """Return MB/s in all, and milliseconds of the server's processor time per MB."""
    (port,) = free_ports(1)
    with _running(command(port)) as process:
        _wait_for(lambda: _answers(port))
        channels = [Channel(port) for _ in range(at_once)]
        for channel in channels:
            channel.open_rfb()
        before = _processor_s(process)
        began = time.perf_counter()
        totals = [0] * at_once

        def drain(number: int) -> None:
            totals[number] = channels[number].drain()

        threads = [threading.Thread(target=drain, args=(n,)) for n in range(at_once)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - began
        used = _processor_s(process) - before
    total = sum(totals) / 1e6
    assert total > at_once * megabytes * 0.95, totals
    return total / seconds, used / total * 1000


def _traffic_table(found: dict[tuple[str, int], list[tuple[float, float]]]) -> str:
    lines = [
        "### Through the bridge, beside websockify",
        "",
        "| connections | | MB/s | × websockify | ms of processor per MB | × websockify |",
        "|---|---|---|---|---|---|",
    ]
    for (label, at_once), rounds in sorted(found.items(), key=lambda item: item[0][1]):
        peers = found["websockify", at_once]
        speed = statistics.median(mb for mb, _ in rounds)
        cost = statistics.median(ms for _, ms in rounds)
        faster = statistics.median(a[0] / b[0] for a, b in zip(rounds, peers, strict=True))
        dearer = statistics.median(a[1] / b[1] for a, b in zip(rounds, peers, strict=True))
        lines.append(
            f"| {at_once} | {label} | {speed:.0f} | {faster:.2f} | {cost:.2f} | {dearer:.2f} |"
        )
    return "\n".join(lines) + "\n"


def _processor_s(process: subprocess.Popen[bytes]) -> float:
    """Return the processor time of a process and of all that came of it."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if int(fields[2]) == process.pid:  # of its process group
            total += sum(map(int, fields[11:15])) / TICKS
    return total


# -- from a key to the picture --------------------------------------------------------------------


def _keys() -> str:
    if importlib.util.find_spec("tests") is None:
        return ""
    from tests.xvnc import NO_XVNC, Xvnc, is_installed

    if not is_installed():
        return f"Keys were not measured: {NO_XVNC}\n"
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        desktop = Xvnc(Path(name), "800x600").start()
        desktop.run("xterm", "-geometry", "120x40+0+0", "-e", "sh", "-c", "cat > /dev/null")
        time.sleep(2)
        (port,) = free_ports(1)
        server = [sys.executable, "-m", "bench.bridge_server", str(port)]
        try:
            with _running([*server, str(desktop.socket), "owner"]):
                _wait_for(lambda: _answers(port))
                found: dict[str, list[float]] = {"straight": [], "through the bridge": []}
                for _ in range(3):
                    for label, where in (
                        ("straight", str(desktop.socket)),
                        ("through the bridge", port),
                    ):
                        channel = Channel(where)
                        found[label] += key_times(channel, KEYS // 3)
                        channel.close()
        finally:
            desktop.stop()
    lines = ["### From a key to the picture", "", "| | median ms | 95 % |", "|---|---|---|"]
    for label, times in found.items():
        ordered = sorted(times)
        middle, late = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
        lines.append(f"| {label} | {middle * 1000:.1f} | {late * 1000:.1f} |")
    return "\n".join(lines) + "\n"


# -- processes ------------------------------------------------------------------------------------


@contextmanager
def _running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, 15)
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        Channel(port).close()
    except (OSError, AssertionError):
        return False
    return True


def _wait_for(condition) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("a server did not start")
        time.sleep(0.05)
