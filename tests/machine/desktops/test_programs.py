"""What is missing is said in one line that helps, and how many desktops fit is known."""

import asyncio
import os
import re
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from quadrangle.kernel.clock import SystemClock
from quadrangle.machine.desktops import programs as programs_module
from quadrangle.machine.desktops.bounds import memory_of_all
from quadrangle.machine.desktops.capacity import capacity
from quadrangle.machine.desktops.programs import Part, Programs
from quadrangle.machine.desktops.provider import SandboxDesktops
from quadrangle.machine.desktops.settings import MIB, DesktopSettings
from quadrangle.meetings.desktops.ports import LaunchRefused
from quadrangle.meetings.model import MeetingRole, Workspace
from tests.machine.desktops.launches import TERMINAL, new_order

LISTED = """\
/bin/sh dash terminal
no-such-xvnc tigervnc-standalone-server desktop
/no/such/icons adwaita-icon-theme desktop
no-such-ffmpeg ffmpeg recording
"""


@pytest.fixture
def settings(tmp_path: Path) -> DesktopSettings:
    return DesktopSettings(data=tmp_path)


@pytest.fixture
def lacking(tmp_path: Path, settings: DesktopSettings, monkeypatch) -> Programs:
    """A machine without Xvnc and ffmpeg, but with sandboxes."""
    monkeypatch.setattr(programs_module, "sandboxes_work", lambda user: True)
    listed = tmp_path / "packages.txt"
    listed.write_text(LISTED)
    return Programs(settings, listed)


def test_what_is_missing_is_said_in_one_line(lacking: Programs):
    assert lacking.unavailable(Part.TERMINAL) is None
    line = "As root: apt install --no-install-recommends "
    two = "tigervnc-standalone-server adwaita-icon-theme"
    desktop, recording = lacking.unavailable(Part.DESKTOP), lacking.unavailable(Part.RECORDING)
    assert desktop is not None
    assert desktop.endswith(line + two)
    assert recording is not None
    assert recording.endswith(f"{line}{two} ffmpeg")


def test_without_leave_to_make_sandboxes_there_are_none(lacking: Programs, monkeypatch):
    monkeypatch.setattr(programs_module, "sandboxes_work", lambda user: False)
    assert "Sandboxes do not work here" in (lacking.unavailable(Part.TERMINAL) or "")
    monkeypatch.setattr(programs_module, "sandboxes_work", lambda user: True)
    assert lacking.unavailable(Part.TERMINAL) is None


async def test_a_launch_without_programs_is_refused_with_that_line(
    lacking: Programs, settings: DesktopSettings
):
    desktops = SandboxDesktops(settings, SystemClock(), TERMINAL, lacking)
    ends_at = SystemClock().now() + timedelta(minutes=5)
    with pytest.raises(LaunchRefused, match="apt install"):
        await desktops.launch(new_order(Workspace.DESKTOP, MeetingRole.STUDENT, "t", ends_at))
    assert await desktops.find("t") is None
    assert await desktops.list_ours() == []
    assert "apt install" in (await desktops.unavailable(Workspace.DESKTOP) or "")
    assert await desktops.unavailable(Workspace.TERMINAL) is None


def test_the_script_that_installs_takes_what_the_program_looks_for():
    root = Path(__file__).parents[3]
    assert "machine/desktops/packages.txt" in (root / "tools/desktop_tools.sh").read_text()
    lines = (root / "src/quadrangle/machine/desktops/packages.txt").read_text().splitlines()
    assert all(re.fullmatch(r"\S+ [a-z0-9-]+ (terminal|desktop|recording)", line) for line in lines)


def test_as_many_fit_as_the_scarcest_thing_allows(lacking: Programs, settings: DesktopSettings):
    processors = len(os.sched_getaffinity(0))
    by_memory = memory_of_all() // (settings.expected_memory * MIB)
    found = capacity(settings, lacking)
    assert found.desktops == min(by_memory, processors * settings.per_processor)
    few = capacity(msgspec.structs.replace(settings, most=1), lacking)
    assert (few.desktops, "QUADRANGLE_DESKTOPS_MOST" in few.why) == (1, True)
    large = msgspec.structs.replace(settings, expected_memory=memory_of_all() // MIB)
    assert capacity(large, lacking).desktops == 1
    assert "memory" in capacity(large, lacking).why


def test_without_sandboxes_none_fits_and_it_says_why(lacking: Programs, settings, monkeypatch):
    monkeypatch.setattr(programs_module, "sandboxes_work", lambda user: False)
    found = capacity(settings, lacking)
    assert found.desktops == 0
    assert "Sandboxes" in found.why


def test_capacity_is_asked_beside_the_loop(lacking: Programs, settings: DesktopSettings):
    desktops = SandboxDesktops(settings, SystemClock(), TERMINAL, lacking)
    assert asyncio.run(desktops.capacity()) == capacity(settings, lacking)


async def test_a_data_folder_that_lies_too_deep_is_refused(lacking: Programs, tmp_path: Path):
    deep = DesktopSettings(data=tmp_path / ("deep" * 20))
    desktops = SandboxDesktops(deep, SystemClock(), TERMINAL, lacking)
    ends_at = SystemClock().now() + timedelta(minutes=5)
    with pytest.raises(LaunchRefused, match="too long"):
        await desktops.launch(new_order(Workspace.TERMINAL, MeetingRole.STUDENT, "t", ends_at))
