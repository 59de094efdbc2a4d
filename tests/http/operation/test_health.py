"""Health says what does not work; that the process answers is another question."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from quadrangle.hosts.one_machine import readiness
from quadrangle.hosts.one_machine.opening import open_data
from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.readiness import NO_ROOM, NOT_READ, SILENT_AFTER, Readiness
from quadrangle.hosts.one_machine.services import Services
from quadrangle.hosts.one_machine.settings import read_settings
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Unavailable
from quadrangle.sql.base.heard import tell

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
LATER = SILENT_AFTER + timedelta(seconds=1)


async def parts_with(tmp_path: Path, worker: Literal["on", "off"]) -> MachineParts:
    settings = read_settings({"QUADRANGLE_DATA": str(tmp_path), "QUADRANGLE_WORKER": worker})
    opened = MachineParts(settings, ManualClock(NOW))
    await open_data(Services(opened))
    return opened


@pytest.fixture(autouse=True)
def looked_at_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "LOOKED_FOR_S", -1.0)


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[MachineParts]:
    opened = await parts_with(tmp_path, "on")
    yield opened
    await opened.close()


async def told(ready: Readiness) -> str:
    try:
        await ready.require()
    except Unavailable as error:
        return error.message
    return ""


async def test_a_worker_that_is_heard_of_is_well(parts):
    ready = Readiness(parts)
    assert await told(ready) == ""
    parts.clock.advance(LATER)
    await tell(parts.following, "worker", parts.clock.now())
    assert await told(ready) == ""


async def test_a_worker_that_hangs_is_told_of(parts):
    ready = Readiness(parts)
    await tell(parts.following, "worker", parts.clock.now())
    parts.clock.advance(LATER)
    assert "worker has not been heard of for 2 minutes" in await told(ready)
    await tell(parts.following, "worker", parts.clock.now())
    assert await told(ready) == ""


async def test_a_worker_that_never_came_is_told_of_after_a_while(parts):
    await tell(parts.following, "worker", NOW - timedelta(days=1))  # by the last run of the server
    ready = Readiness(parts)
    assert await told(ready) == ""
    parts.clock.advance(LATER)
    assert "worker" in await told(ready)


async def test_nobody_looks_for_a_worker_that_runs_elsewhere(tmp_path):
    parts = await parts_with(tmp_path, "off")
    ready = Readiness(parts)
    parts.clock.advance(LATER)  # type: ignore[attr-defined]
    assert await told(ready) == ""
    await parts.close()


async def test_a_full_disk_is_told_of(parts, monkeypatch):
    def full(path: Any) -> Any:
        return shutil._ntuple_diskusage(100, 100, 0)  # type: ignore[attr-defined]

    monkeypatch.setattr(shutil, "disk_usage", full)
    assert await told(Readiness(parts)) == NO_ROOM


async def test_a_database_that_is_away_is_told_of(parts, monkeypatch):
    async def away(work: Any) -> Any:
        raise Unavailable()

    ready = Readiness(parts)
    monkeypatch.setattr(parts.database, "write", away)
    assert "takes no writes" in await told(ready)
    monkeypatch.setattr(parts.database, "read", away)
    assert await told(ready) == NOT_READ


def test_the_worker_of_a_server_is_heard_of(server):
    ready = server.call("GET", "/api/health")
    assert (ready.status, ready.json["status"], ready.json["database"]) == (200, "ok", "ok")
    assert server.call("GET", "/api/health/live").json["status"] == "ok"
