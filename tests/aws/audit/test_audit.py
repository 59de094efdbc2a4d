"""The audit on DynamoDB: a record for each change that matters, once, in one chain."""

import asyncio
import secrets

import pytest

from quadrangle.audit.ports import AuditQuery
from quadrangle.audit.rules import Walk
from quadrangle.aws.audit.items import END
from quadrangle.aws.audit.keeper import DynamoAuditKeeper
from quadrangle.aws.audit.store import DynamoAudit
from quadrangle.aws.audit.tables import AUDIT
from quadrangle.aws.base.dynamo import Dynamo, put
from quadrangle.aws.base.tables import Tables
from quadrangle.hosts.lambdas.services import RECORDING
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Unavailable
from quadrangle.kernel.ids import new_id
from tests.account_desk import InThreads
from tests.standin.tables import make_tables, template

KEY = secrets.token_bytes(32)
ADA, BO = new_id(), new_id()
MOST_AT_ONCE = 2  # containers


def change(seq: int, kind: str = "account.signed-in", **fields) -> Change:
    at = f"2026-11-21T09:30:{seq:02}.000Z"
    given = {"subject": ADA, "data": {}, "actor": "Ada", "actor_id": ADA, **fields}
    return Change(kind=kind, seq=seq, at=at, **given)


@pytest.fixture
def parts(standin) -> tuple[Dynamo, Tables]:
    client = standin.client("dynamodb")
    return Dynamo(client), Tables(make_tables(client, "Audit", "Changes"))


@pytest.fixture
def keeper(parts) -> DynamoAuditKeeper:
    return DynamoAuditKeeper(*parts, KEY, RECORDING)


@pytest.fixture
def audit(parts) -> DynamoAudit:
    return DynamoAudit(*parts)


async def records(audit: DynamoAudit, **fields) -> list:
    return [record async for record in audit.stream(AuditQuery(**fields))]


def problems(kept: list) -> list[str]:
    walk = Walk(KEY)
    return [sentence for record in kept for sentence in walk.step(record)]


async def test_changes_that_come_again_have_one_record(keeper, audit):
    for seq in (1, 2, 1, 3, 2, 3):
        await keeper.keep(change(seq))
    kept = await records(audit)
    assert [(record.seq, record.change_seq) for record in kept] == [(1, 1), (2, 2), (3, 3)]
    assert problems(kept) == []


async def test_changes_that_come_at_once_follow_each_other(keeper, audit, parts):
    other = InThreads(DynamoAuditKeeper(*parts, KEY, RECORDING))
    beside = InThreads(keeper)
    await asyncio.gather(*(one.keep(change(n)) for n in (1, 2, 3) for one in (beside, other)))
    kept = await records(audit)
    assert sorted(record.change_seq for record in kept) == [1, 2, 3]
    assert problems(kept) == []


async def test_many_changes_for_two_containers_all_have_their_place(parts, audit):
    """Two are what the template allows; each works off its messages one after another."""
    each = 20

    async def work(number: int) -> None:
        keeper = InThreads(DynamoAuditKeeper(*parts, KEY, RECORDING))
        for n in range(each):
            await keeper.keep(change(number * each + n))

    await asyncio.gather(*(work(number) for number in range(MOST_AT_ONCE)))
    kept = await records(audit)
    assert sorted(record.change_seq for record in kept) == list(range(MOST_AT_ONCE * each))
    assert problems(kept) == []


def test_the_template_allows_no_more():
    function = template("audit")["Resources"]["AccountsAuditFunction"]["Properties"]
    scaling = function["Events"]["Changes"]["Properties"]["ScalingConfig"]
    assert scaling == {"MaximumConcurrency": MOST_AT_ONCE}


async def test_a_chain_whose_end_was_set_back_takes_nothing_over_what_is_there(
    parts, keeper, audit
):
    dynamo, tables = parts
    for seq in (1, 2):
        await keeper.keep(change(seq))
    (first, _) = await records(audit)
    dynamo.write(put(tables.of(AUDIT), {**END, "seq": 1, "hash": first.hash}))
    with pytest.raises(Unavailable):
        await keeper.keep(change(3))
    assert [record.change_seq for record in await records(audit)] == [1, 2]


async def test_the_same_place_of_another_subject_is_another_change(keeper, audit):
    await keeper.keep(change(1))
    await keeper.keep(change(1, subject=BO))
    assert [record.subject for record in await records(audit)] == [ADA, BO]


async def test_what_anyone_did_is_not_kept(keeper, audit):
    await keeper.keep(change(1, "issue.reported", actor_id=None, actor="Reporter"))
    assert await records(audit) == []


async def test_pages_and_filters(keeper, audit):
    for seq in range(1, 6):
        await keeper.keep(change(seq, "account.signed-in" if seq % 2 else "issue.assigned"))
    await keeper.keep(change(6, "account.created", subject=BO, actor_id=None, actor="Command line"))
    first = await audit.page(AuditQuery(), 4, None)
    assert [record.seq for record in first.items] == [6, 5, 4, 3]
    rest = await audit.page(AuditQuery(), 4, first.next_cursor)
    assert ([record.seq for record in rest.items], rest.next_cursor) == ([2, 1], None)
    whole = await audit.page(AuditQuery(), 6, None)
    assert whole.next_cursor is None

    async def seqs(**fields) -> list[int]:
        return [record.seq for record in (await audit.page(AuditQuery(**fields), 200, None)).items]

    assert await seqs(kind="account.") == [6, 5, 3, 1]
    assert await seqs(kind="issue.assigned") == [4, 2]
    assert await seqs(actor_id=ADA) == [5, 4, 3, 2, 1]
    assert await seqs(subject=BO) == [6]
    between = {"first_at": "2026-11-21T09:30:02.000Z", "last_at": "2026-11-21T09:30:03.000Z"}
    assert await seqs(**between) == [3, 2]
    assert [record.seq for record in await records(audit, **between)] == [2, 3]
