"""How reports are counted on DynamoDB: one update of each sum for a batch of changes, once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.items import plain
from quadrangle.aws.feed.changes import change_of
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.aws.issues.projection import AT_ONCE, DynamoIssueProjection
from quadrangle.aws.issues.tables import ISSUE_FIGURES
from quadrangle.issues.model import Status
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import ManualClock
from tests.contracts.issues.desks import DynamoDesk
from tests.standin.server import StandIn


class Watched:
    """A client that keeps its transactions, and can wait before them."""

    def __init__(self, client: Any, barrier: Barrier | None = None) -> None:
        self._client = client
        self._barrier = barrier
        self.transactions: list[list[dict[str, Any]]] = []

    def transact_write_items(self, **arguments: Any) -> Any:
        if self._barrier is not None:
            self._barrier.wait(30)
            self._barrier = None
        self.transactions.append(arguments["TransactItems"])
        return self._client.transact_write_items(**arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


@pytest.fixture
def desk(standin: StandIn, clock: ManualClock) -> DynamoDesk:
    return DynamoDesk(standin, clock)


def projection(desk: DynamoDesk, client: Any) -> DynamoIssueProjection:
    return DynamoIssueProjection(Dynamo(client), desk.tables)


def changes(standin: StandIn, desk: DynamoDesk) -> list[Change]:
    found = standin.client("dynamodb").scan(TableName=desk.tables.of(CHANGES))["Items"]
    return [change_of(plain(each)) for each in found]


async def test_a_batch_is_one_write_with_one_update_of_each_sum(desk: DynamoDesk, standin: StandIn):
    for _ in range(AT_ONCE):
        await desk.report()
    client = Watched(standin.client("dynamodb"))
    projection(desk, client).apply(changes(standin, desk))
    (written,) = client.transactions
    sums = [each["Update"] for each in written if "Update" in each]
    # they were reported on one day at one place, and none is resolved
    assert [each["Key"]["figure"]["S"].partition("#")[0] for each in sums] == ["total", "day"]
    assert all(each["TableName"] == desk.tables.of(ISSUE_FIGURES) for each in sums)
    assert (await desk.store.counts(None, None, desk.clock.now())).total == AT_ONCE


async def test_what_comes_again_counts_nothing_twice(desk: DynamoDesk, standin: StandIn):
    issues = [await desk.report() for _ in range(3)]
    reported = changes(standin, desk)
    client = Watched(standin.client("dynamodb"))
    counting = projection(desk, client)
    counting.apply(reported[:2])
    counting.apply([*reported, *reported])
    counting.apply(reported)
    assert len(client.transactions) == 2
    await desk.edit(issues[0], status=Status.RESOLVED)
    counting.apply(changes(standin, desk))
    counts = await desk.store.counts(None, None, desk.clock.now())
    assert (counts.total, counts.status[Status.OPEN], counts.status[Status.RESOLVED]) == (3, 2, 1)


async def test_more_than_one_write_takes(desk: DynamoDesk, standin: StandIn):
    for n in range(AT_ONCE * 2 + 3):
        await desk.report(issue_type=f"Type {n}", location=f"Place {n}")
    client = Watched(standin.client("dynamodb"))
    projection(desk, client).apply(changes(standin, desk))
    assert [len(each) for each in client.transactions] == [3 * AT_ONCE, 3 * AT_ONCE, 9]
    counts = await desk.store.counts(None, None, desk.clock.now())
    assert counts.total == AT_ONCE * 2 + 3


async def test_two_that_count_the_same_reports_at_once_count_them_once(
    desk: DynamoDesk, standin: StandIn
):
    """Both have read that none is counted before either writes."""
    for _ in range(5):
        await desk.report()
    reported, barrier = changes(standin, desk), Barrier(2)
    clients = [Watched(standin.client("dynamodb"), barrier) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda client: projection(desk, client).apply(reported), clients))
    assert (await desk.store.counts(None, None, desk.clock.now())).total == 5
