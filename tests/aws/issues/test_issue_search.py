"""What a search reads on DynamoDB, which is what it costs. What it finds is in tests/contracts."""

from collections import Counter
from typing import Any

import pytest

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.issues.search import FEWEST
from quadrangle.aws.issues.store import DynamoIssueStore
from quadrangle.issues.ports import IssueQuery
from quadrangle.kernel.clock import ManualClock
from tests.contracts.issues.desks import DynamoDesk
from tests.standin.server import StandIn

ISSUES = 24  # more than a walk takes at first


class Counted:
    """A client that counts how often each issue is looked up."""

    def __init__(self, client: Any) -> None:
        self.looked_up: Counter[str] = Counter()
        self._client = client

    def batch_get_item(self, **arguments: Any) -> Any:
        for wanted in arguments["RequestItems"].values():
            self.looked_up.update(key["issueId"]["S"] for key in wanted["Keys"])
        return self._client.batch_get_item(**arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


@pytest.mark.parametrize("text", ["proj", "projector", "projector attic"])
async def test_a_page_of_a_search_reads_each_issue_once_and_no_more_than_it_may_show(
    standin: StandIn, clock: ManualClock, text: str
):
    desk = DynamoDesk(standin, clock)
    words = "projector projection projecting in the attic"
    ids = [(await desk.report(f"{words} {n}")).issue_id for n in range(ISSUES)]
    await desk.project()
    client = Counted(standin.client("dynamodb"))
    store = DynamoIssueStore(Dynamo(client), desk.tables)

    found: list[str] = []
    cursor = None
    for page in range(ISSUES // 4):
        client.looked_up.clear()
        read = await store.page(IssueQuery(text=text), 4, cursor)
        found += [issue.issue_id for issue in read.items]
        assert set(client.looked_up.values()) == {1}
        assert len(client.looked_up) == min(FEWEST, ISSUES - 4 * page)
        cursor = read.next_cursor
    assert cursor is None
    assert found == ids[::-1]
