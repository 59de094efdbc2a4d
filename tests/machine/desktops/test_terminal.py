"""A terminal whose viewers come and go: the work is still there."""

import pytest

from quadrangle.machine.desktops.provider import SandboxDesktops
from quadrangle.portable.terminal.protocol import Kind, encode, encode_size
from tests.machine.desktops.processes import ignored_signals, proc
from tests.machine.desktops.terminal_client import TerminalClient
from tests.machine.desktops.waiting import soon_named


async def test_whoever_comes_back_finds_the_work(launch):
    machine = await launch()
    first = TerminalClient(machine.address)
    first.run("cd /tmp; mine=here; echo the ans''wer is 42")
    first.close()
    again = TerminalClient(machine.address)
    again.wait_for("the answer is 42")
    assert "here /tmp" in again.run("echo $mine $PWD")


async def test_all_viewers_see_the_same_and_whoever_resizes(launch):
    machine = await launch()
    student, teacher = TerminalClient(machine.address), TerminalClient(machine.address)
    student.resize(101, 31)
    assert "31 101" in student.run("stty size")
    teacher.wait_for("31 101")
    assert teacher.size == (101, 31)


async def test_a_viewer_that_does_not_read_holds_up_nobody(launch):
    machine = await launch()
    slow, quick = TerminalClient(machine.address), TerminalClient(machine.address)
    slow.read()
    quick.run("seq 400000; echo the e''nd")
    slow.wait_for("the end")
    assert len(slow.shown) < 2 << 20


async def test_a_program_on_the_whole_screen_is_shown_to_who_comes_back(launch):
    """It draws anew for the first size a viewer tells, also when that is the same."""
    machine = await launch()
    first = TerminalClient(machine.address)
    first.resize(80, 24)
    first.type(
        "bash -c 'trap \"echo drawn anew\" WINCH; echo rea''dy; while :; do sleep 0.1; done'\n"
    )
    first.wait_for("ready")
    first.close()
    again = TerminalClient(machine.address)
    again.resize(80, 24)
    again.wait_for("drawn anew")


async def test_a_shell_that_ends_is_begun_anew(launch, desktops: SandboxDesktops):
    machine = await launch()
    client = TerminalClient(machine.address)
    client.type("exit\n")
    client.wait_for("Here is a new one")
    assert "still" in client.run("echo st''ill")
    assert await desktops.answers(machine)


@pytest.mark.parametrize(
    "sent",
    [
        b"RFB 003.008\n",
        encode(Kind.OUTPUT, b"not yours to send"),
        encode(Kind.RESIZE, b"\0"),
        b"\x01\xff\xff\xff\xff",
        bytes(1000),
    ],
)
async def test_who_speaks_something_else_is_parted_from(launch, desktops, sent: bytes):
    machine = await launch()
    other, client = TerminalClient(machine.address), TerminalClient(machine.address)
    client.send(sent)
    client.read_to_the_end()
    assert "fine" in other.run("echo f''ine")
    assert await desktops.answers(machine)


async def test_keys_that_interrupt_do(settings, launch):
    machine = await launch()
    client = TerminalClient(machine.address)
    client.type("sleep 1000\n")
    sleeping = await soon_named(settings.folder / machine.machine_id, "sleep")
    assert ignored_signals(proc(sleeping, "status")) == set()
    client.type("\x03")
    assert "done" in client.run("echo on it goes")


async def test_half_a_frame_holds_up_nobody(launch):
    machine = await launch()
    half, other = TerminalClient(machine.address), TerminalClient(machine.address)
    whole = encode_size(Kind.RESIZE, 90, 20)
    half.send(whole[:3])
    assert "fine" in other.run("echo f''ine")
    half.send(whole[3:])
    assert "20 90" in other.run("sleep 0.2; stty size")


async def test_what_runs_is_told_of_the_end(desktops: SandboxDesktops, settings, launch, files):
    """It has a moment to save what it can."""
    machine = await launch()
    client = TerminalClient(machine.address)
    save = "sleep 0.3; echo saved > last; exit"
    client.type(f"cd ~/Take*; cat > program <<'E'\ntrap '{save}' HUP\n")
    client.type("echo rea''dy\nwhile :; do sleep 0.1; done\nE\nbash program\n")
    client.wait_for("ready")
    await desktops.terminate(machine.machine_id)
    content = b"".join([chunk async for chunk in files.take_home(machine.machine_id)])
    assert b"last" in content
