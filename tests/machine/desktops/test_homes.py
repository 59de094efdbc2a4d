"""Files go into homes and come out of them, whatever their person did there."""

import io
import os
import zipfile

import msgspec
import pytest

from quadrangle.kernel.errors import Conflict, InvalidInput, NotFound, TooLarge
from quadrangle.machine.desktops.bounds import Bounds
from quadrangle.machine.desktops.homes import SandboxFiles
from quadrangle.machine.desktops.provider import SandboxDesktops
from quadrangle.machine.desktops.records import Records
from quadrangle.meetings.desktops.model import MachineState
from tests.machine.desktops.launches import provider
from tests.machine.desktops.processes import all_processes, command_of, user_of
from tests.machine.desktops.terminal_client import TerminalClient
from tests.machine.desktops.test_desktops import order_for
from tests.machine.desktops.waiting import answers_soon


@pytest.fixture(params=["mounted", "watched"])
def kind(request, settings, monkeypatch) -> str:
    """Homes of both kinds: file systems of their own, and folders."""
    if request.param == "watched":
        monkeypatch.setattr(Bounds, "has_images", lambda self: False)
    elif not Bounds(settings).has_images():
        pytest.skip("no file system can be mounted here")
    return request.param


async def unzipped(files: SandboxFiles, machine_id: str) -> dict[str, bytes]:
    content = b"".join([chunk async for chunk in files.take_home(machine_id)])
    if not content:
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


async def test_what_is_put_in_lies_there_and_is_its_persons(kind, launch, files: SandboxFiles):
    machine = await launch()
    terminal = TerminalClient(machine.address)
    await files.put_file(machine.machine_id, "Übung 1.txt", b"two and two")
    assert "two and two" in terminal.run("cat ~/Files/*1.txt ~/Desktop/Files/*1.txt")
    assert "-0-" in terminal.run("echo five > ~/Files/*1.txt")
    await files.put_file(machine.machine_id, "Übung 1.txt", b"two and two")
    assert "five" in terminal.run("cat ~/Files/*1.txt")
    assert "1\r\n" in terminal.run("ls -A ~/Files | wc -l")


async def test_the_zip_knows_when_files_were_changed(launch, files: SandboxFiles):
    machine = await launch()
    TerminalClient(machine.address).run(
        "cd ~/Take*; touch -d '2026-03-04 05:06:08Z' a; touch -d '1970-01-01Z' old"
    )
    content = b"".join([chunk async for chunk in files.take_home(machine.machine_id)])
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        told = {each.filename: each.date_time for each in found.infolist()}
    assert told == {"a": (2026, 3, 4, 5, 6, 8), "old": (1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "../a", "/etc/passwd", "a\0b", "a\nb", "é" * 128]
)
async def test_what_is_no_name_is_refused(launch, files: SandboxFiles, name: str):
    machine = await launch()
    with pytest.raises(InvalidInput):
        await files.put_file(machine.machine_id, name, b"x")


async def test_what_is_too_large_is_refused(settings, launch, files: SandboxFiles):
    machine = await launch()
    small = SandboxFiles(msgspec.structs.replace(settings, files=1))
    with pytest.raises(TooLarge, match="1 MiB"):
        await small.put_file(machine.machine_id, "big", bytes(2 << 20))
    if Bounds(settings).has_images():
        with pytest.raises(TooLarge, match="no room"):
            await files.put_file(machine.machine_id, "big", os.urandom(80 << 20))
    assert "total 0" in TerminalClient(machine.address).run("ls -lA ~/Files")


async def test_a_folder_that_leads_out_is_not_followed(kind, launch, files: SandboxFiles, tmp_path):
    machine = await launch()
    terminal = TerminalClient(machine.address)
    tmp_path.chmod(0o777)
    assert "-0-" in terminal.run(f"rm -r ~/Files && ln -s {tmp_path} ~/Files")
    with pytest.raises(Conflict):
        await files.put_file(machine.machine_id, "a.txt", b"x")
    assert list(tmp_path.iterdir()) == []
    assert "-0-" in terminal.run("rm ~/Files")
    await files.put_file(machine.machine_id, "a.txt", b"x")
    assert "-0-" in terminal.run("test -s ~/Files/a.txt")


async def test_the_take_home_folder_comes_out_while_it_runs_and_afterwards(
    kind, desktops: SandboxDesktops, settings, files: SandboxFiles
):
    here = provider(settings)
    machine_id = await here.launch(order_for("a token"))
    machine = (await here.look_up([machine_id]))[machine_id]
    assert await answers_soon(here, machine)
    assert await unzipped(files, machine_id) == {}
    terminal = TerminalClient(machine.address)
    terminal.run("cd ~/Take*; mkdir -p a/b; echo one > a/b/1.txt; echo two > 'zwei ü.txt'; cd")
    expected = {"a/b/1.txt": b"one\n", "zwei ü.txt": b"two\n"}
    assert await unzipped(files, machine_id) == expected

    with pytest.raises(Conflict):
        await files.forget(machine_id)
    await here.terminate(machine_id)
    assert await unzipped(files, machine_id) == expected
    assert [each.machine_id for each in await files.list_kept()] == [machine_id]
    with pytest.raises(NotFound):
        await files.put_file(machine_id, "late.txt", b"x")

    await files.forget(machine_id)
    await files.forget(machine_id)
    assert await files.list_kept() == []
    with pytest.raises(NotFound):
        await unzipped(files, machine_id)
    gone = await here.find(machine.token)
    assert gone is not None
    assert gone.state is MachineState.GONE
    left = {path.name for path in (settings.folder / machine_id).iterdir()}
    assert left <= {"state.json", "begun", "lock"}


HOSTILE = """
cd ~/Take*
ln -s /etc/passwd link; ln -s / root; mkfifo pipe; ln -s . loop; echo fine > fine
truncate -s 50M hole; mkdir closed; echo x > closed/x; chmod 000 closed
python3 -c "import socket; socket.socket(socket.AF_UNIX).bind('socket')"
python3 -c "import os; os.close(os.open(b'odd\\xff\\n', os.O_CREAT))"
mkdir -p d; cd d; for i in $(seq 60); do mkdir d; cd d; done; echo deep > deep
cd ~
"""


async def test_nothing_but_plain_files_comes_out(kind, settings, launch):
    files = SandboxFiles(msgspec.structs.replace(settings, take_home=1))
    machine = await launch()
    terminal = TerminalClient(machine.address)
    terminal.run(f"cat > hostile.sh <<'E'\n{HOSTILE}\nE\nbash hostile.sh")
    found = await unzipped(files, machine.machine_id)
    names = set(found)
    assert found["fine"] == b"fine\n"
    assert b"hole" in found["Left out.txt"]
    assert not names & {"link", "root", "pipe", "socket", "hole"}
    assert not any(name.startswith(("root/", "loop/")) for name in names)
    assert not any("deep" in name for name in names)
    assert all(b"root:" not in content for content in found.values())


async def test_a_folder_swapped_for_a_link_is_not_followed(kind, launch, files: SandboxFiles):
    machine = await launch()
    TerminalClient(machine.address).run("rm -r ~/Take*; ln -s /etc ~/Take\\ home")
    assert await unzipped(files, machine.machine_id) == {}


async def test_what_does_not_fit_is_named(settings, launch):
    files = SandboxFiles(msgspec.structs.replace(settings, take_home=1))
    machine = await launch()
    TerminalClient(machine.address).run(
        "cd ~/Take*; head -c 700K /dev/urandom > a; head -c 700K /dev/urandom > b; echo c > c"
    )
    found = await unzipped(files, machine.machine_id)
    assert set(found) == {"a", "c", "Left out.txt"}
    assert found["Left out.txt"].endswith(b"\nb\n")


async def test_a_closed_home_can_be_forgotten(kind, settings, launch, files: SandboxFiles):
    here = provider(settings)
    machine = await launch(by=here)
    TerminalClient(machine.address).run("mkdir -p a/b; echo x > a/b/c; chmod 000 a/b a ~/Take*")
    await here.terminate(machine.machine_id)
    await files.forget(machine.machine_id)
    assert await files.list_kept() == []


async def test_a_reader_that_leaves_leaves_no_child(settings, launch, files: SandboxFiles):
    machine = await launch()
    TerminalClient(machine.address).run("cd ~/Take*; head -c 8M /dev/urandom > big")
    reading = files.take_home(machine.machine_id)
    assert await anext(reading)
    await reading.aclose()
    record = Records(settings.folder).read(machine.machine_id)
    assert record is not None
    children = [each for each in all_processes() if "home_child" in " ".join(command_of(each))]
    ours = record.user if record.user is not None else os.geteuid()
    assert not any(user_of(each) == ours for each in children)
