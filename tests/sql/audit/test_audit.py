"""The audit on SQL: written once per act in its order, read, and checked against the feed."""

from typing import Any

import pytest
from sqlalchemy import delete, update

from quadrangle.accounts.rules import AccountEdit
from quadrangle.accounts.sign_in.signing_in import NOBODY
from quadrangle.audit.ports import AuditQuery
from quadrangle.hosts.one_machine.services import RECORDING
from quadrangle.kernel.errors import Forbidden, InvalidInput, NotSignedIn
from quadrangle.kernel.principal import ANYONE, Principal, Role
from quadrangle.sql.audit.projection import AuditProjection
from quadrangle.sql.audit.store import check_audit
from quadrangle.sql.audit.tables import audit
from quadrangle.sql.feed.dispatch import Dispatcher
from quadrangle.sql.feed.tables import changes, feed_cursors
from tests.account_desk import EMAIL, HOME, PASSWORD, SqlDesk

KEY = b"k" * 32


@pytest.fixture
async def desk(database, clock) -> SqlDesk:
    return SqlDesk(database, clock)


async def catch_up(desk: SqlDesk) -> None:
    await Dispatcher(desk.database, [], [AuditProjection(KEY, RECORDING)], desk.clock).catch_up()


async def some_acts(desk: SqlDesk) -> Principal:
    """Six of them, from four people; every one kept."""
    admin = await desk.open()
    with pytest.raises(NotSignedIn):
        await desk.service.sign_in.with_password("nobody@campus.example", "wrong", HOME)
    await desk.service.sign_in.with_password(EMAIL, PASSWORD, HOME)
    hired, _ = await desk.hire(admin, "bo@campus.example")
    await desk.service.people.edit(
        hired.account_id, AccountEdit(name="Beatrix", role=Role.ADMIN), admin
    )
    await catch_up(desk)
    return admin


async def everything(desk: SqlDesk) -> list[Any]:
    return [r async for r in desk.audit_store.stream(AuditQuery())]


async def write(desk: SqlDesk, statement: Any) -> None:
    await desk.database.write(lambda c: c.execute(statement).rowcount)


async def test_every_act_is_kept_once_and_the_chain_holds(desk):
    await some_acts(desk)
    await catch_up(desk)
    records = await everything(desk)
    assert [record.kind for record in records] == await desk.kinds()
    assert [record.seq for record in records] == list(range(1, len(records) + 1))
    assert await check_audit(desk.database, KEY, RECORDING) == []


async def test_another_process_goes_on_with_the_same_chain(desk):
    admin = await some_acts(desk)
    await desk.hire(admin, "cy@campus.example")
    await catch_up(desk)
    assert await check_audit(desk.database, KEY, RECORDING) == []


async def test_nobody_is_named_in_the_table(desk):
    await some_acts(desk)
    for record in await everything(desk):
        stored = repr(record)
        for name in ("bo@campus.example", "nobody@campus.example", "Beatrix", EMAIL):
            assert name not in stored


async def test_a_page_names_who_and_whom_as_they_are_called_now(desk):
    admin = await some_acts(desk)
    page = await desk.audit.page(AuditQuery(), 3, None, admin)
    newest = page.items[0]
    assert newest.record.kind == "account.changed"
    assert newest.subject_name == "Beatrix"
    assert newest.actor_name == admin.name
    assert newest.details == {"field": "role", "old": "staff", "new": "admin"}
    rest = await desk.audit.page(AuditQuery(), 200, page.next_cursor, admin)
    seqs = [told.record.seq for told in [*page.items, *rest.items]]
    assert seqs == sorted(seqs, reverse=True)
    assert rest.next_cursor is None
    failed = next(t for t in rest.items if t.record.kind == "account.sign-in-failed")
    assert (failed.record.subject, failed.subject_name) == (NOBODY, None)
    assert (failed.actor_name, failed.record.origin) == ("Someone", HOME.address)


async def test_filters_narrow(desk, clock):
    admin = await some_acts(desk)
    now = "2026-11-21T09:30:00.000Z"

    async def kinds(**fields: Any) -> list[str]:
        page = await desk.audit.page(AuditQuery(**fields), 200, None, admin)
        return [told.record.kind for told in page.items]

    every = await kinds()
    assert await kinds(kind="account.signed-in") == ["account.signed-in"]
    assert await kinds(kind="account.") == every
    assert await kinds(kind="api-key.") == []
    assert set(await kinds(actor_id=admin.account_id)) == {
        "account.signed-in",
        "account.created",
        "account.changed",
    }
    assert await kinds(subject=NOBODY) == ["account.sign-in-failed"]
    assert await kinds(first_at=now, last_at=now) == every
    assert await kinds(first_at="2026-11-21T09:30:00.001Z") == []
    assert await kinds(last_at="2026-11-21T09:29:59.999Z") == []


async def test_only_administrators_read_it_and_cursors_are_ours(desk):
    admin = await some_acts(desk)
    for actor, error in ((Principal("Bo", Role.STAFF), Forbidden), (ANYONE, NotSignedIn)):
        with pytest.raises(error):
            await desk.audit.page(AuditQuery(), 50, None, actor)
        with pytest.raises(error):
            await desk.audit.export(AuditQuery(), actor)
    with pytest.raises(InvalidInput):
        await desk.audit.page(AuditQuery(), 50, "nonsense", admin)


async def test_an_export_has_all_records_and_leaves_one(desk):
    admin = await some_acts(desk)
    before = len(await everything(desk))
    day, told = await desk.audit.export(AuditQuery(), admin)
    assert day == "2026-11-21"
    assert [t.record.seq async for t in told] == list(range(1, before + 1))
    await catch_up(desk)
    assert (await everything(desk))[-1].kind == "audit.exported"


# -- what the check finds -----------------------------------------------------------------------


async def test_a_changed_record_is_found(desk):
    await some_acts(desk)
    await write(desk, update(audit).where(audit.c.seq == 3).values(origin="192.0.2.99"))
    found = await check_audit(desk.database, KEY, RECORDING)
    assert "Audit record 3 was changed, or does not follow the one before it." in found


async def test_a_record_removed_in_the_middle_is_found(desk):
    await some_acts(desk)
    await write(desk, delete(audit).where(audit.c.seq == 3))
    found = await check_audit(desk.database, KEY, RECORDING)
    assert "Audit record 3 was removed." in found
    assert any("has lost its audit record" in sentence for sentence in found)


async def test_a_record_removed_at_the_end_is_found(desk):
    await some_acts(desk)
    last = (await everything(desk))[-1]
    await write(desk, delete(audit).where(audit.c.seq == last.seq))
    assert await check_audit(desk.database, KEY, RECORDING) == [
        f"Change {last.change_seq} of {last.subject} (account.changed) has lost its audit record."
    ]


async def test_records_all_gone_are_found(desk):
    await some_acts(desk)
    count = len(await everything(desk))
    await write(desk, delete(audit))
    assert len(await check_audit(desk.database, KEY, RECORDING)) == count


async def test_a_change_that_was_rewritten_or_removed_is_found(desk):
    await some_acts(desk)
    records = await everything(desk)
    await write(desk, delete(changes).where(changes.c.seq == records[2].change_seq))
    where = changes.c.seq == records[3].change_seq
    await write(desk, update(changes).where(where).values(subject=NOBODY))
    assert await check_audit(desk.database, KEY, RECORDING) == [
        f"Audit record 3 tells of change {records[2].change_seq}, which is not there.",
        f"Audit record 4 is not what change {records[3].change_seq} was.",
    ]


async def test_changes_the_projection_has_not_come_to_are_not_missed(desk):
    admin = await some_acts(desk)
    await desk.hire(admin, "cy@campus.example")
    assert await check_audit(desk.database, KEY, RECORDING) == []


async def test_records_are_not_written_twice_when_the_cursor_is_set_back(desk):
    await some_acts(desk)
    before = await everything(desk)
    await write(desk, update(feed_cursors).values(seq=0))
    await catch_up(desk)
    assert await everything(desk) == before
