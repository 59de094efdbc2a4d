"""Somebody who takes all there is: bounded, and neither the other side nor the machine notices."""

import asyncio
import os
from pathlib import Path

import msgspec
import pytest

from quadrangle.machine.desktops.bounds import Bounds, memory_of_all
from quadrangle.machine.desktops.provider import SandboxDesktops
from quadrangle.machine.desktops.settings import MIB
from quadrangle.machine.desktops.shim.notes import ENDED, RUNNING, read_note
from quadrangle.meetings.desktops.model import Machine
from quadrangle.meetings.model import MeetingRole, Workspace
from tests.machine.desktops.launches import provider
from tests.machine.desktops.processes import init_of, inside
from tests.machine.desktops.terminal_client import TerminalClient
from tests.machine.desktops.waiting import gone

MEMORY = 192


@pytest.fixture
def settings(settings):
    return msgspec.structs.replace(settings, memory=MEMORY, processes=60)


@pytest.fixture
async def other(launch) -> Machine:
    """The other side, whose desktop must not suffer."""
    return await launch(Workspace.TERMINAL, MeetingRole.TEACHER, "the other side")


async def test_forks_without_end(desktops: SandboxDesktops, settings, launch, other: Machine):
    machine = await launch()
    terminal = TerminalClient(machine.address)
    terminal.type("b() { b | b & }; b\n")
    init = init_of(settings.folder / machine.machine_id)
    for _ in range(200):
        if len(inside(init)) >= 40:
            break
        await asyncio.sleep(0.05)
    assert 40 <= len(inside(init)) <= settings.processes + 5
    assert "hello" in TerminalClient(other.address).run("echo hel''lo")
    await desktops.terminate(machine.machine_id)
    assert inside(init) == []
    assert await desktops.answers(other)


async def test_memory_without_end(desktops: SandboxDesktops, settings, launch, other: Machine):
    machine = await launch()
    terminal = TerminalClient(machine.address)
    terminal.type("python3 -c \"b = b'x' * (1 << 30); print('to' 'ok')\"; echo en''ded\n")
    terminal.wait_for("ended")
    assert "took" not in terminal.shown.decode()
    assert await desktops.answers(machine)
    assert await desktops.answers(other)


HOG = """
import os, time
for _ in range(6):
    if os.fork() == 0:
        block = bytearray(os.urandom(1 << 20)) * 60
        time.sleep(60)
time.sleep(3)
"""


async def test_memory_of_many_processes_together(desktops, settings, launch, other: Machine):
    machine = await launch()
    folder = settings.folder / machine.machine_id
    note = read_note(str(folder), RUNNING)
    assert note is not None
    if not note["bounded_as_one"]:
        pytest.skip("no control groups can be made here: each process is bounded alone")
    terminal = TerminalClient(machine.address)
    terminal.type(f"cat > hog.py <<'E'\n{HOG}\nE\npython3 hog.py; echo en''ded\n")
    most = 0
    for _ in range(40):
        most = max(most, sum(resident(each) for each in inside(init_of(folder))))
        await asyncio.sleep(0.05)
    assert most <= MEMORY * MIB * 1.1
    assert await desktops.answers(other)


def resident(process: int) -> int:
    """Return the private memory of a process in bytes."""
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    found = [line.split()[1] for line in text.splitlines() if line.startswith("RssAnon")]
    return int(found[0]) * 1024 if found else 0


async def test_memory_files_without_end(desktops: SandboxDesktops, launch, other: Machine):
    terminal = TerminalClient((await launch()).address)
    for place in ("/tmp", "/dev/shm", "/run/user/1000"):
        terminal.run(f"head -c 2G /dev/zero > {place}/big; rm -f {place}/big")
    assert await desktops.answers(other)


async def test_a_disk_that_is_filled(desktops: SandboxDesktops, settings, launch, other: Machine):
    if not Bounds(settings).has_images():
        pytest.skip("no file system can be mounted here: see the test of watched homes")
    machine = await launch()
    terminal = TerminalClient(machine.address)
    before = os.statvfs(settings.data)
    said = terminal.run("head -c 500M /dev/urandom > big; head -c 500M /dev/urandom > bigger")
    assert "No space left" in said or "File too large" in said
    after = os.statvfs(settings.data)
    used = (before.f_bavail - after.f_bavail) * after.f_frsize
    assert used < (settings.home + 64) * MIB
    assert "-0-" not in terminal.run("i=0; while echo > f$i; do i=$((i+1)); done; false")
    assert "-0-" in terminal.run("rm big bigger")
    assert await desktops.answers(machine)
    TerminalClient(other.address).run("head -c 10M /dev/zero > fine && test -s fine")


async def test_a_watched_home_that_is_filled_ends(settings, launch, monkeypatch, other: Machine):
    """Where no file system can be mounted, the desktop that fills its home is ended."""
    monkeypatch.setattr(Bounds, "has_images", lambda self: False)
    watched = provider(settings)
    machine = await launch(token="watched", by=watched)
    folder = settings.folder / machine.machine_id
    assert not (folder / "disk.img").exists()
    terminal = TerminalClient(machine.address)
    terminal.type("for i in 1 2 3 4; do head -c 30M /dev/zero > f$i; done\n")
    assert await gone(watched, machine.token)
    assert (read_note(str(folder), ENDED) or {})["reason"] == "It filled its disk."
    assert await watched.answers(other)


async def test_a_watched_home_is_seen_whole(settings, launch, monkeypatch):
    """Nothing is hidden from the watch in folders that were closed."""
    monkeypatch.setattr(Bounds, "has_images", lambda self: False)
    watched = provider(settings)
    machine = await launch(token="watched", by=watched)
    terminal = TerminalClient(machine.address)
    terminal.type("mkdir a; cd a; exec 3>f; chmod 000 ../a; head -c 60M /dev/zero >&3\n")
    terminal.type("cd; mkdir b; head -c 20M /dev/zero > b/f\n")
    assert await gone(watched, machine.token)


async def test_a_watched_home_is_seen_whole_after_files_were_deleted(settings, launch, monkeypatch):
    """What was deleted and is still open takes room all the same."""
    monkeypatch.setattr(Bounds, "has_images", lambda self: False)
    watched = provider(settings)
    machine = await launch(token="watched", by=watched)
    terminal = TerminalClient(machine.address)
    terminal.type("for i in 4 5 6; do exec {f}>f; rm f; head -c 30M /dev/zero >&$f; done\n")
    assert await gone(watched, machine.token)


async def test_a_log_without_end(desktops: SandboxDesktops, settings, launch):
    machine = await launch(Workspace.DESKTOP)
    folder = settings.folder / machine.machine_id
    session = next(each for each in inside(init_of(folder)) if each != init_of(folder))
    await asyncio.to_thread(say, session, b"noise\n" * 1_000_000)
    assert (folder / "log").stat().st_size <= 256 * 1024
    assert await desktops.answers(machine)


def say(process: int, noise: bytes) -> None:
    with open(f"/proc/{process}/fd/2", "wb") as said:
        said.write(noise)


def test_all_together_leave_memory_for_the_service():
    total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert total // 2 <= memory_of_all() < total
