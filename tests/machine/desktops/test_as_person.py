"""The same by somebody who is not root: fewer bounds, and each of those that there are holds."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec
import pytest

ROOT = Path(__file__).parents[3]
SOMEBODY = 65534


@pytest.fixture(scope="module")
def seen(programs) -> dict:
    """What tests/machine/desktops/as_person.py saw, run once for all of these tests."""
    if os.geteuid() != 0:
        pytest.skip("every other test here is run by somebody who is not root already")
    python = _python()
    folder = tempfile.mkdtemp(prefix="q-")
    os.chown(folder, SOMEBODY, SOMEBODY)
    try:
        said = _as_somebody(python, "-m", "tests.machine.desktops.as_person", folder)
    finally:
        shutil.rmtree(folder)
    return json.loads(said)


def _python() -> str:
    """Return a Python that somebody else may run, with the libraries of ours."""
    for python in (os.path.realpath(sys.executable), "/usr/bin/python3"):
        with contextlib.suppress(OSError):
            if _as_somebody(python, "-c", "import msgspec; print('fine')") == "fine\n":
                return python
    pytest.skip("our Python and libraries lie where nobody else may look")


def _as_somebody(*command: str) -> str:
    libraries = Path(msgspec.__file__).parents[1]
    return subprocess.run(
        command,
        stdout=subprocess.PIPE,
        text=True,
        user=SOMEBODY,
        group=SOMEBODY,
        extra_groups=[],
        cwd="/",
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}:{libraries}",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
    ).stdout


@pytest.mark.parametrize("workspace", ["desktop", "terminal"])
def test_it_is_launched_answers_and_ends(seen: dict, workspace: str):
    assert seen[workspace] == {"answers": True, "left": []}


def test_files_go_in_and_out(seen: dict):
    assert seen["read"] == "two and two"
    assert seen["taken"] == ["kept"]
    assert seen["forgotten"] == []


def test_processes_are_counted_for_each_sandbox_alone(seen: dict):
    assert 40 <= seen["processes"] <= 70


def test_memory_is_bounded_for_each_process_at_least(seen: dict):
    assert not seen["took memory"]


def test_who_fills_the_home_is_ended(seen: dict):
    assert seen["filled"] == "It filled its disk."
