"""What a program sees and may use in the jail, asked from within."""

import asyncio
import os
import threading
from pathlib import Path

import pytest

from quadrangle.machine.videos.jail import Bounds, jailed, lacking
from quadrangle.machine.videos.program import running

pytestmark = pytest.mark.skipif(bool(lacking()), reason=lacking())
BOUNDS = Bounds(memory=256 << 20, file=1 << 20, work_s=5, clock_s=20)


async def ask(script: str, bounds: Bounds = BOUNDS, **places: Path) -> tuple[str, int]:
    """Return what a shell says in the jail, and its exit code."""
    async with running(jailed(["/bin/sh", "-c", script], bounds, **places)) as program:
        said = await program.text()
        return said.decode() + program.said, await program.ended()


async def test_it_sees_its_file_its_folder_and_programs(tmp_path: Path):
    source, folder = tmp_path / "source", tmp_path / "folder"
    source.write_text("film")
    folder.mkdir()

    said, code = await ask("ls / && cat /in && echo made > made", source=source, folder=folder)

    assert code == 0, said
    assert (folder / "made").read_text() == "made\n"
    assert "film" in said
    seen = {"bin", "lib", "lib64", "lib32", "libx32", "usr", "etc", "dev", "in", "out"}
    assert set(said.split()) - {"film"} <= seen


async def test_it_can_change_nothing_else(tmp_path: Path):
    source = tmp_path / "source"
    source.write_text("film")
    script = "echo x >> /in; echo x > /new; echo x > /usr/new; echo x > /dev/new; mkdir /tmp/x"

    said, _ = await ask(script, source=source)

    assert said.count("Read-only file system") >= 4
    assert source.read_text() == "film"
    said, _ = await ask(
        "for name in /new /usr/new /dev/new /tmp; do test -e $name && echo $name; done"
    )
    assert said == ""


async def test_it_has_no_network_no_neighbours_and_no_settings(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QUADRANGLE_SECRET", "for-nobody")

    said, _ = await ask("env; cat /etc/passwd; ls /proc /home /root; readlink /proc/1/exe")

    assert "for-nobody" not in said
    assert "root:" not in said
    reach = "import socket; socket.create_connection(('127.0.0.1', 1), 2)"
    said, code = await ask(f'python3 -c "{reach}"')
    assert code != 0


async def test_memory_files_and_work_are_bounded(tmp_path: Path):
    said, code = await ask("head -c 400000000 /dev/zero | tail -c 399999999 | wc -c")
    assert "399999999" not in said

    await ask("head -c 3000000 /dev/zero > large", folder=tmp_path)
    assert (tmp_path / "large").stat().st_size <= 1 << 20

    _, code = await ask("while :; do :; done", Bounds(1 << 28, 1 << 20, work_s=1, clock_s=20))
    assert code != 0
    _, code = await ask("sleep 30", Bounds(1 << 28, 1 << 20, work_s=5, clock_s=1))
    assert code == 124


async def test_leaving_ends_all_that_runs_in_it(tmp_path: Path):
    script = "sleep 300 & setsid sleep 300 & echo ready; wait"
    async with running(jailed(["/bin/sh", "-c", script], BOUNDS, folder=tmp_path)) as program:
        async for line in program.lines():
            assert line == b"ready"
            break
        assert _inside(tmp_path)
    assert not _inside(tmp_path)


async def test_a_program_outlives_the_threads_of_the_loop(tmp_path: Path):
    """bwrap dies with the thread that started it: that is the loop's, never a pool's."""
    async with running(jailed(["sleep", "1"], BOUNDS, folder=tmp_path)) as program:
        await asyncio.gather(*(asyncio.to_thread(threading.get_ident) for _ in range(8)))
        assert await program.ended() == 0


def _inside(folder: Path) -> list[str]:
    """Return the processes that have `folder` as theirs, whatever they call it."""
    about = folder.stat()
    found = []
    for process in os.listdir("/proc"):
        if process.isdigit():
            try:
                inside = os.stat(f"/proc/{process}/root/out")
            except OSError:
                continue
            if (inside.st_dev, inside.st_ino) == (about.st_dev, about.st_ino):
                found.append(process)
    return found
