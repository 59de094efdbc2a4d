"""The check of the audit on DynamoDB finds what was done to records, and to what they tell of."""

import secrets

import msgspec
import pytest

from quadrangle.aws.audit import check as audit_check
from quadrangle.aws.audit.check import ON_ITS_WAY, CheckPosition, DynamoAuditCheck
from quadrangle.aws.audit.items import END, mark_key, record_key
from quadrangle.aws.audit.keeper import DynamoAuditKeeper
from quadrangle.aws.audit.tables import AUDIT
from quadrangle.aws.base.dynamo import Dynamo, put
from quadrangle.aws.base.items import Values
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.changes import MOST_AT_ONCE, change_operations
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.hosts.lambdas.services import RECORDING
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import ManualClock, to_text
from quadrangle.kernel.ids import new_id
from tests.standin.tables import make_tables

KEY = secrets.token_bytes(32)
ADA, BO = new_id(), new_id()


class World:
    """Both tables, and what writes and checks them."""

    def __init__(self, client, clock: ManualClock) -> None:
        self.dynamo = Dynamo(client)
        self.tables = Tables(make_tables(client, "Audit", "Changes"))
        self.clock = clock
        self._keeper = DynamoAuditKeeper(self.dynamo, self.tables, KEY, RECORDING)

    def write(self, version: int, subject: str = ADA, kind: str = "account.signed-in") -> Change:
        """Write a change as stores do, and return it with its place."""
        at = to_text(self.clock.now())
        written = Change(kind, subject, {"method": "password"}, "Ada", at, ADA, "192.0.2.1")
        self.dynamo.transact(*change_operations(self.tables.of(CHANGES), [written], version))
        return msgspec.structs.replace(written, seq=version * MOST_AT_ONCE)

    async def kept(self, *changes: Change) -> list[Change]:
        for each in changes:
            await self._keeper.keep(each)
        return list(changes)

    def problems(self, key: bytes = KEY) -> list[str]:
        check = DynamoAuditCheck(self.dynamo, self.tables, key, self.clock, RECORDING)
        found = list(check.problems())
        assert check.position is None
        return found

    def problems_in_parts(self) -> tuple[list[str], int]:
        """Check with a cut after every batch; return what was found, and the number of parts."""
        found, position, count = [], None, 0
        while count == 0 or position is not None:
            begun = msgspec.json.decode(msgspec.json.encode(position), type=CheckPosition | None)
            check = DynamoAuditCheck(self.dynamo, self.tables, KEY, self.clock, RECORDING, begun)
            found += check.problems(lambda: False)
            position, count = check.position, count + 1
        return found, count

    def alter(self, table: str, key: Values, **values: object) -> None:
        item = self.dynamo.get(table, key)
        assert item is not None
        self.dynamo.write(put(table, {**item, **values}))

    def remove(self, table: str, key: Values) -> None:
        self.dynamo.write_many(table, delete=[key])


@pytest.fixture
def world(standin, clock: ManualClock) -> World:
    return World(standin.client("dynamodb"), clock)


@pytest.fixture
async def five(world: World) -> list[Change]:
    """Five changes with their records, from long enough ago."""
    changes = await world.kept(*(world.write(n, BO if n == 2 else ADA) for n in range(1, 6)))
    world.clock.advance(2 * ON_ITS_WAY)
    return changes


def lost(change: Change) -> str:
    return f"Change {change.seq} of {change.subject} ({change.kind}) has lost its audit record."


def test_before_anything_happened_all_is_in_order(world):
    assert world.problems() == []


async def test_what_was_kept_is_in_order(world, five):
    assert world.problems() == []


async def test_it_reads_on_where_a_batch_ends(world, five, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(audit_check, "BATCH_GET", 2)
    assert world.problems() == []
    world.alter(world.tables.of(AUDIT), record_key(5), actorId=BO)
    assert len(world.problems()) == 2


async def test_in_parts_it_finds_the_same(world, five, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(audit_check, "BATCH_GET", 2)
    assert world.problems_in_parts() == ([], 7)  # three batches of either, and one to see the end
    world.alter(world.tables.of(AUDIT), record_key(2), origin="192.0.2.99")
    world.alter(world.tables.of(AUDIT), record_key(3), seq=9)
    world.remove(world.tables.of(AUDIT), record_key(5))
    world.remove(world.tables.of(AUDIT), mark_key(five[0]))
    world.alter(world.tables.of(CHANGES), {"subject": ADA, "seq": 400}, kind="x.y")
    found, _ = world.problems_in_parts()
    assert found == world.problems()
    assert len(found) > 5


async def test_a_part_looks_at_what_was_there_when_the_check_began(world, five):
    first = DynamoAuditCheck(world.dynamo, world.tables, KEY, world.clock, RECORDING)
    assert list(first.problems(lambda: False)) == []
    assert first.records == first.position.end.seq == 5
    await world.kept(world.write(6))
    second = DynamoAuditCheck(
        world.dynamo, world.tables, KEY, world.clock, RECORDING, first.position
    )
    assert list(second.problems()) == []
    assert second.records == 6


async def test_another_key_fits_no_record(world, five):
    assert len(world.problems(secrets.token_bytes(32))) == 5


async def test_a_changed_record_is_found(world, five):
    world.alter(world.tables.of(AUDIT), record_key(3), origin="192.0.2.99")
    assert world.problems() == [
        "Audit record 3 was changed, or does not follow the one before it.",
        "Audit record 3 is not what change 300 was.",
    ]


async def test_a_removed_record_is_found(world, five):
    world.remove(world.tables.of(AUDIT), record_key(3))
    assert world.problems() == [
        "Audit record 3 was removed.",
        "Audit record 4 was changed, or does not follow the one before it.",
        lost(five[2]),
    ]


async def test_records_that_changed_places_are_found(world, five):
    table, found = world.tables.of(AUDIT), {}
    for seq in (3, 4):
        found[seq] = world.dynamo.get(table, record_key(seq))
    for seq in (3, 4):
        world.dynamo.write(put(table, {**found[7 - seq], **record_key(seq)}))
    problems = world.problems()
    assert "Audit record 3 was removed." in problems
    assert "Audit record 3 has a number that cannot be." in problems
    assert {lost(five[2]), lost(five[3])} <= {*problems}


async def test_a_record_removed_at_the_end_is_found_by_the_end(world, five):
    world.remove(world.tables.of(AUDIT), record_key(5))
    assert world.problems() == ["Audit record 5 was removed.", lost(five[4])]


@pytest.mark.parametrize("with_mark", [True, False])
async def test_and_by_its_change_when_the_end_was_set_back(world, five, with_mark: bool):
    fourth = world.dynamo.get(world.tables.of(AUDIT), record_key(4))
    world.alter(world.tables.of(AUDIT), END, seq=4, hash=fourth["hash"])
    world.remove(world.tables.of(AUDIT), record_key(5))
    if with_mark:
        world.remove(world.tables.of(AUDIT), mark_key(five[4]))
    else:
        world.alter(world.tables.of(AUDIT), mark_key(five[4]), seq=4)
    assert world.problems() == [lost(five[4])]


async def test_a_record_taken_at_once_is_missed_though_it_is_young(world):
    (change,) = await world.kept(world.write(1))
    world.remove(world.tables.of(AUDIT), record_key(1))
    assert world.problems() == ["Audit record 1 was removed.", lost(change)]


async def test_a_change_is_on_its_way_for_an_hour_and_then_missed(world):
    change = world.write(1)
    unkept = world.write(2, kind="issue.reported")
    world.remove(world.tables.of(CHANGES), {"subject": ADA, "seq": unkept.seq})
    assert world.problems() == []
    world.clock.advance(ON_ITS_WAY)
    assert world.problems() == [lost(change)]


async def test_a_change_that_was_rewritten_or_removed_is_found(world, five):
    world.remove(world.tables.of(CHANGES), {"subject": ADA, "seq": 300})
    world.alter(world.tables.of(CHANGES), {"subject": ADA, "seq": 400}, kind="account.changed")
    assert world.problems() == [
        "Audit record 3 tells of change 300, which is not there.",
        "Audit record 4 is not what change 400 was.",
    ]


async def test_two_records_of_one_change_are_told(world, five):
    world.alter(world.tables.of(AUDIT), record_key(4), changeSeq=300)
    assert world.problems() == [
        "Audit record 4 was changed, or does not follow the one before it.",
        lost(five[3]),
    ]


@pytest.mark.parametrize("problem", ["Audit record 000000000003", f"Change 300 of {ADA}"])
async def test_what_cannot_be_read_is_told_and_ends_it(world, five, problem: str):
    if problem.startswith("Audit"):
        world.alter(world.tables.of(AUDIT), record_key(3), changeSeq="three")
    else:
        world.alter(world.tables.of(CHANGES), {"subject": ADA, "seq": 300}, data="{")
    assert world.problems()[-1] == f"{problem} cannot be read. The check ends there."


async def test_an_end_that_cannot_be_read_is_told(world, five):
    for wrong in ({"seq": "five"}, {"hash": None}):
        world.alter(world.tables.of(AUDIT), END, **wrong)
        assert world.problems() == ["The end of the audit cannot be read. The check ends there."]


@pytest.mark.parametrize("seq", ["three", 99, None])
async def test_a_mark_that_leads_nowhere_is_told(world, five, seq: object):
    world.alter(world.tables.of(AUDIT), mark_key(five[2]), seq=seq)
    assert world.problems() == [lost(five[2])]


async def test_a_closed_account_breaks_nothing(world, five):
    """Its name goes from changes; records hold none."""
    for each in five:
        where = {"subject": each.subject, "seq": each.seq}
        world.alter(world.tables.of(CHANGES), where, actor="Former member")
    assert world.problems() == []
