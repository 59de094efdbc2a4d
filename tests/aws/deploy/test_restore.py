"""A drill: tables are damaged, restored beside, and their items copied back.

The stand-in restores what a table holds now, whatever the instant; AWS what it held then.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.aws.deploy.test_installations import Account
from tests.aws.videos.studio import clients_of
from tests.standin.server import StandIn
from tools import aws_stack, restore_aws

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


class Drill:
    """An installation with one table, of which a copy was made while all was well."""

    def __init__(self, standin: StandIn) -> None:
        self.account = Account(standin)
        self.client = standin.client("dynamodb")
        self.table = f"{self.account.prefix}Reports"
        self.account.install(self.account.prefix)
        for number in range(5):
            self.put(number, "as it was")
        (found,) = restore_aws.tables_of(self.account.stacks, self.account.prefix)
        assert found == self.table
        restore_aws.beside(self.client, [self.table], AT, pause_s=0.1)

    def put(self, number: int, text: str) -> None:
        item = {"id": {"S": str(number)}, "text": {"S": text}}
        self.client.put_item(TableName=self.table, Item=item)

    def lose(self, number: int) -> None:
        self.client.delete_item(TableName=self.table, Key={"id": {"S": str(number)}})

    def there(self) -> dict[int, str]:
        items = self.client.scan(TableName=self.table)["Items"]
        return {int(each["id"]["S"]): each["text"]["S"] for each in items}


@pytest.fixture
def drill(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drill]:
    with clients_of(standin, monkeypatch):
        yield Drill(standin)


@pytest.mark.parametrize(
    ("how", "expected", "said"),
    [
        ({}, {1: "as it was", 2: "damaged", 7: "new"}, "1 item(s) put back, 0 removed."),
        (
            {"changed": True},
            {1: "as it was", 2: "as it was", 7: "new"},
            "5 item(s) put back, 0 removed.",
        ),
        (
            {"exactly": True},
            {1: "as it was", 2: "as it was", 7: None},
            "5 item(s) put back, 1 removed.",
        ),
    ],
    ids=["what is missing", "what was changed", "exactly"],
)
def test_items_come_back(drill: Drill, how: dict[str, Any], expected: dict[int, Any], said: str):
    drill.lose(1)
    drill.put(2, "damaged")
    drill.put(7, "new")
    assert restore_aws.copy_back(drill.client, drill.table, **how) == said
    there = drill.there()
    assert {number: there.get(number) for number in expected} == expected
    assert {0, 3, 4} <= there.keys()


def test_copies_are_dropped_and_the_tables_stay(drill: Drill):
    for _ in range(2):  # what is gone already is no trouble
        restore_aws.drop(drill.client, [drill.table])
    assert drill.there()
    with pytest.raises(drill.client.exceptions.ResourceNotFoundException):
        drill.client.describe_table(TableName=f"{drill.table}-restored")


def test_only_tables_of_the_installation_are_named(drill: Drill):
    stacks, prefix = drill.account.stacks, drill.account.prefix
    assert restore_aws.tables_of(stacks, prefix, " Reports ,") == [drill.table]
    with pytest.raises(SystemExit, match=f"has no table {prefix}Nothing"):
        restore_aws.tables_of(stacks, prefix, "Reports,Nothing")
    with pytest.raises(SystemExit, match="no installation"):
        restore_aws.tables_of(stacks, f"{aws_stack.FIRST_NAME}-none-")


@pytest.mark.parametrize("text", ["", "yesterday", "2026-11-21T09:30:00"])
def test_an_instant_has_its_zone(text: str):
    with pytest.raises(SystemExit, match="has its zone"):
        restore_aws.instant_of(text)
