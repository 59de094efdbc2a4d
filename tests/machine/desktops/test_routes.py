"""A side's name leads to one machine at a time, on every process of the server."""

from datetime import timedelta
from pathlib import Path

import pytest

from quadrangle.kernel.clock import SystemClock
from quadrangle.machine.desktops.records import Record, Records, machine_id_of
from quadrangle.machine.desktops.routes import PathRoutes
from quadrangle.machine.desktops.settings import DesktopSettings
from quadrangle.machine.desktops.shim.notes import BEGUN, write_note
from quadrangle.meetings.desktops.model import Machine
from quadrangle.meetings.model import MeetingRole, Workspace
from tests.machine.desktops.launches import new_order

TEACHER = MeetingRole.TEACHER
MEETING = "4f6f5a0e-meeting"


@pytest.fixture
def settings(tmp_path: Path) -> DesktopSettings:
    return DesktopSettings(data=tmp_path)


@pytest.fixture
def routes(settings: DesktopSettings) -> PathRoutes:
    return PathRoutes(settings)


def made(settings: DesktopSettings, token: str) -> Machine:
    """Return a machine that was made and is gone; a route may lead to it all the same."""
    records = Records(settings.folder)
    ends_at = SystemClock().now() + timedelta(minutes=5)
    order = new_order(Workspace.TERMINAL, TEACHER, token, ends_at)
    records.write(machine_id_of(token), Record(order=order))
    write_note(str(records.folder(machine_id_of(token))), BEGUN)
    machine = records.machine(machine_id_of(token))
    assert machine is not None
    return machine


async def test_a_name_leads_to_the_last_machine_it_was_given(settings, routes: PathRoutes):
    first, second = made(settings, "one"), made(settings, "two")
    assert await routes.machine_at(MEETING, TEACHER) is None
    assert await routes.point(first) == f"/desktops/{MEETING}/teacher"
    assert await routes.point(first) == f"/desktops/{MEETING}/teacher"
    assert await routes.machine_at(MEETING, TEACHER) == first
    assert await PathRoutes(settings).machine_at(MEETING, TEACHER) == first
    await routes.point(second)
    assert await routes.machine_at(MEETING, TEACHER) == second
    assert await routes.machine_at(MEETING, MeetingRole.STUDENT) is None


async def test_it_is_taken_off_only_while_it_leads_there(settings, routes: PathRoutes):
    first, second = made(settings, "one"), made(settings, "two")
    await routes.take_off(first)
    await routes.point(first)
    await routes.point(second)
    await routes.take_off(first)
    assert await routes.machine_at(MEETING, TEACHER) == second
    await routes.take_off(second)
    await routes.take_off(second)
    assert await routes.machine_at(MEETING, TEACHER) is None


@pytest.mark.parametrize("meeting_id", ["../../etc", "", "a/b", ".", "x" * 65])
async def test_what_is_no_meeting_leads_nowhere(routes: PathRoutes, meeting_id: str):
    assert await routes.machine_at(meeting_id, TEACHER) is None


async def test_a_name_may_lead_to_what_was_removed(settings, routes: PathRoutes):
    machine = made(settings, "one")
    await routes.point(machine)
    for path in (settings.folder / machine.machine_id).iterdir():
        path.unlink()
    (settings.folder / machine.machine_id).rmdir()
    assert await routes.machine_at(MEETING, TEACHER) is None
