"""What a zip of Take home holds, and what it says of what it does not."""

import os
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from deploy.aws.desktop import person
from quadrangle.machine.desktops import home_child
from quadrangle.meetings.desktops.ports import LEFT_OUT

_CODE = """
import sys
from quadrangle.machine.desktops import home_child
home_child.MOST_FILES = int(sys.argv.pop(1))
home_child.main()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "Take home"
    folder.mkdir()
    return folder


def packed(folder: Path, most_bytes: int = 1000, most_files: int = 10) -> zipfile.ZipFile:
    arguments = [str(most_files), "pack", str(folder.parent), "-", "-", "-", str(most_bytes)]
    command = [sys.executable, "-c", _CODE, *arguments]
    done = subprocess.run(command, check=True, capture_output=True)
    return zipfile.ZipFile(BytesIO(done.stdout))


def left_out(archive: zipfile.ZipFile, name: str = "Left out.txt") -> list[str]:
    assert archive.comment == LEFT_OUT
    return archive.read(name).decode().splitlines()[1:]


def odd(folder: Path, size: int) -> None:
    (Path(os.fsdecode(os.fsencode(folder) + b"/odd\xff"))).write_bytes(b"x" * size)


def test_a_name_that_is_no_text_is_named_where_it_does_not_fit(folder: Path):
    odd(folder, 2000)
    (folder / "fine").write_text("fine")
    archive = packed(folder)
    assert archive.read("fine") == b"fine"
    assert left_out(archive) == ["odd?"]


def test_all_that_fits_is_said_to_be_all(folder: Path):
    odd(folder, 20)
    archive = packed(folder)
    assert (archive.namelist(), archive.comment) == (["odd?"], b"")


def test_files_beyond_the_bound_are_counted(folder: Path):
    for number in range(14):
        (folder / f"{number:02}").write_text("x")
    archive = packed(folder)
    assert archive.namelist() == [*(f"{number:02}" for number in range(10)), "Left out.txt"]
    assert left_out(archive) == ["./ (4 in it)"]


def test_what_lies_too_deep_is_named(folder: Path):
    deep = folder.joinpath(*"d" * (home_child.MOST_DEPTH + 1))
    deep.mkdir(parents=True)
    (deep / "file").write_text("x")
    assert left_out(packed(folder)) == ["d/" * (home_child.MOST_DEPTH + 1) + " (all in it)"]


def test_a_file_called_like_our_list_stays(folder: Path):
    (folder / "Left out.txt").write_text("mine")
    (folder / "large").write_bytes(b"x" * 2000)
    archive = packed(folder)
    assert archive.read("Left out.txt") == b"mine"
    (ours,) = (name for name in archive.namelist() if name != "Left out.txt")
    assert left_out(archive, ours) == ["large"]


def test_the_marks_are_one():
    assert home_child.PARTIAL == person.PARTIAL == LEFT_OUT


def test_a_machine_elsewhere_names_what_it_leaves_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(person, "LARGEST", 1000)
    odd(folder, 2000)
    (folder / "z").write_text("last")
    out = BytesIO()
    person.pack(out, folder.parent)
    archive = zipfile.ZipFile(out)
    assert archive.read("z") == b"last"
    assert left_out(archive) == ["odd?"]
