"""What somebody in a sandbox can see and reach: as good as nothing of the machine it runs on."""

import os
import re
import shutil
import signal
import socket
import tempfile
from pathlib import Path

import msgspec
import pytest

from quadrangle.meetings.model import MeetingRole, Workspace
from tests.machine.desktops.launches import provider
from tests.machine.desktops.processes import ignored_signals, init_of, inside, named, proc, shim_of
from tests.machine.desktops.terminal_client import TerminalClient

AS_ROOT = os.geteuid() == 0


@pytest.fixture
async def terminal(launch) -> TerminalClient:
    machine = await launch()
    return TerminalClient(machine.address)


async def test_nobody_is_root_and_nobody_becomes_it(terminal: TerminalClient):
    assert "uid=1000(student) gid=1000(student)" in terminal.run("id")
    assert "CapEff:\t0000000000000000" in terminal.run("grep Cap /proc/self/status")
    assert "NoNewPrivs:\t1" in terminal.run("grep NoNew /proc/self/status")
    assert "-0-" not in terminal.run("unshare --user --map-root-user true")
    assert "-0-" not in terminal.run("su -c true </dev/null")


async def test_nothing_of_the_machine_can_be_written(terminal: TerminalClient):
    for place in ("/", "/usr", "/etc", "/opt/quadrangle", "/dev", "/var", "/home"):
        assert "-0-" not in terminal.run(f"touch {place}/mine"), place
    assert "done-" in terminal.run("touch ~/mine /tmp/mine")


async def test_nothing_of_the_installation_can_be_seen(terminal: TerminalClient, settings):
    for path in (settings.data, "/root", "/work", "/etc/shadow", "/etc/passwd-", "/sys/fs"):
        assert "-0-" not in terminal.run(f"ls {path}"), path
    assert "student" in terminal.run("cat /etc/passwd")
    environment = terminal.run("env")
    assert "QUADRANGLE" not in environment
    assert str(settings.data) not in environment


async def test_no_process_outside_can_be_seen(terminal: TerminalClient):
    count = terminal.run("echo count-$(ls -d /proc/[0-9]* | wc -l)-")
    assert int(re.findall(r"count-(\d+)-", count)[0]) < 15
    assert "-0-" not in terminal.run("kill -0 100000")


async def test_there_is_no_network(terminal: TerminalClient):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert "-0-" not in terminal.run(f"exec 3<>/dev/tcp/127.0.0.1/{port}")
        server.settimeout(0.1)
        with pytest.raises(TimeoutError):
            server.accept()
    for host in ("192.0.2.1", "1.1.1.1"):
        assert "unreachable" in terminal.run(f"exec 3<>/dev/tcp/{host}/53")
    interfaces = terminal.run("tail -n +3 /proc/net/dev")
    assert "lo:" in interfaces
    assert "eth" not in interfaces


async def test_what_listens_inside_is_not_heard_outside(terminal: TerminalClient):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    code = f"import socket; s=socket.create_server(('0.0.0.0',{port})); print('ok'); s.accept()"
    terminal.type(f'python3 -c "{code}" &\n')
    terminal.wait_for("ok\r\n")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


async def test_a_desktop_listens_on_nothing_but_its_socket(settings, launch):
    machine = await launch(Workspace.DESKTOP)
    xvnc = named(settings.folder / machine.machine_id, "Xvnc")
    for protocol in ("tcp", "tcp6", "udp"):
        assert len(proc(xvnc, f"net/{protocol}").splitlines()) == 1
    assert "@/tmp/.X11-unix" not in proc(xvnc, "net/unix")


async def test_the_two_sides_cannot_see_each_other(settings, launch):
    teacher = await launch(Workspace.TERMINAL, MeetingRole.TEACHER, "t")
    student = await launch(Workspace.TERMINAL, MeetingRole.STUDENT, "s")
    theirs, ours = TerminalClient(teacher.address), TerminalClient(student.address)
    theirs.run("echo secret > ~/paper; echo secret > /tmp/paper; sleep 1000 &")
    assert "-0-" not in ours.run("ls ~/paper")
    assert "-0-" not in ours.run("ls /tmp/paper")
    assert "sleep 1000" not in ours.run("cat /proc/*/cmdline | tr '\\0' ' '")
    if AS_ROOT:
        users = {
            os.stat(f"/proc/{init_of(settings.folder / each.machine_id)}").st_uid
            for each in (teacher, student)
        }
        assert len(users) == 2
        assert min(users) >= settings.first_user


async def test_it_yields_to_the_service(settings, launch):
    machine = await launch()
    folder = settings.folder / machine.machine_id
    for process in inside(init_of(folder)):
        assert os.getpriority(os.PRIO_PROCESS, process) == 10
        assert int(proc(process, "oom_score_adj")) >= 500
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, shim_of(folder)) == ours


async def test_the_shim_holds_no_secret_of_ours(settings, launch, monkeypatch):
    monkeypatch.setenv("QUADRANGLE_STAFF_PIN", "73194628")
    machine = await launch()
    shim = shim_of(settings.folder / machine.machine_id)
    assert "73194628" not in proc(shim, "environ")


async def test_no_signal_is_ignored_in_a_desktop(settings, launch):
    """What a service ignores, such as a hangup under nohup, its children would ignore too."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        machine = await launch(Workspace.DESKTOP)
    finally:
        signal.signal(signal.SIGHUP, before)
    script = named(settings.folder / machine.machine_id, "/bin/sh")
    assert ignored_signals(proc(script, "status")) == set()


@pytest.mark.skipif(not AS_ROOT, reason="only root may make a folder among the programs")
async def test_a_data_folder_among_the_programs_is_hidden(settings, launch):
    place = tempfile.mkdtemp(prefix="q-", dir="/usr/local")
    moved = msgspec.structs.replace(settings, data=Path(place))
    try:
        machine = await launch(by=provider(moved))
        terminal = TerminalClient(machine.address)
        assert "desktops" not in terminal.run(f"ls -A {place}")
        await provider(moved).terminate(machine.machine_id)
    finally:
        shutil.rmtree(place)
