"""`quadrangle check` and the audit of one machine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update

from quadrangle.hosts.one_machine.background import Background
from quadrangle.hosts.one_machine.opening import open_data
from quadrangle.hosts.one_machine.parts import MachineParts
from quadrangle.hosts.one_machine.server import prepare
from quadrangle.hosts.one_machine.services import Services
from quadrangle.hosts.one_machine.settings import Settings
from quadrangle.sql.audit.tables import audit


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Services]:
    opened = Services(MachineParts(Settings(data=tmp_path, public_url="http://127.0.0.1:8000")))
    await open_data(opened)
    yield opened
    await opened.close()


async def test_what_the_worker_wrote_is_in_order(services):
    await prepare(services)
    await Background(services).dispatcher.catch_up()
    assert await services.audit.check() == []


async def test_a_record_somebody_changed_is_named(services):
    await prepare(services)
    await Background(services).dispatcher.catch_up()
    changed = update(audit).where(audit.c.seq == 1).values(actor="Nobody")
    await services.parts.following.write(lambda c: c.execute(changed).rowcount)
    assert (
        "Audit record 1 was changed, or does not follow the one before it."
        in await services.audit.check()
    )


async def test_a_key_that_is_gone_is_told_and_not_made_anew(services, tmp_path):
    await prepare(services)
    await Background(services).dispatcher.catch_up()
    (tmp_path / "keys" / "audit.key").unlink()
    (told,) = await services.audit.check()
    assert told.startswith("The key of 2 audit record(s) is gone")
    assert not (tmp_path / "keys" / "audit.key").exists()


async def test_before_anything_happened_no_key_is_missed(services, tmp_path):
    assert await services.audit.check() == []
