"""Brings back what the tables on AWS held: `python -m tools.restore_aws ACTION PREFIX`.

| action | |
|---|---|
| `beside --at INSTANT` | makes a copy of each table beside it, as it was then (35 days back) |
| `copy` | puts items that are missing back from the copies |
| `copy --changed` | puts all of theirs back, in the place of what is there |
| `copy --exactly` | the same, and removes what was not there: all since that instant is lost |
| `drop` | removes the copies |

`--tables Issues,IssueParts` names some; without it, all of the installation. Only the items come
back: a restored table has no stream, no alarms and another name, so it never takes the place of the
one that functions use. Changes that come back are sent to their reactions again, which repeats
nothing that people see.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import boto3

from tools import aws_stack

_ENDING = "-restored"
_TABLE = "AWS::DynamoDB::Table"


def main() -> int:
    parser = argparse.ArgumentParser(prog="restore_aws", description=__doc__)
    parser.add_argument("action", choices=["beside", "copy", "drop"])
    parser.add_argument("prefix")
    parser.add_argument("--at", default="", help="an instant, 2026-11-21T09:30:00Z")
    parser.add_argument("--tables", default="", help="without the prefix, with commas between")
    parser.add_argument("--changed", action="store_true")
    parser.add_argument("--exactly", action="store_true")
    options = parser.parse_args()
    client = boto3.client("dynamodb")
    tables = tables_of(boto3.client("cloudformation"), options.prefix, options.tables)
    if options.action == "beside":
        beside(client, tables, instant_of(options.at))
    elif options.action == "copy":
        for table in tables:
            print(f"{table}: {copy_back(client, table, options.changed, options.exactly)}")
    else:
        drop(client, tables)
    return 0


def instant_of(text: str) -> datetime:
    """Read an instant. Raises SystemExit for what is none, or has no zone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise SystemExit("An instant has its zone, such as 2026-11-21T09:30:00Z.")
    return at


def tables_of(client: Any, prefix: str, named: str = "") -> list[str]:
    """Return the tables of an installation; `client` is one of CloudFormation. Raises SystemExit
    where it has none of a name."""
    stack = aws_stack.name_of(client, prefix)
    if not aws_stack.parameters(client, stack):
        raise SystemExit(f"There is no installation with the prefix {prefix}.")
    there = [name for kind, name in aws_stack.resources(client, stack) if kind == _TABLE]
    wanted = [f"{prefix}{each.strip()}" for each in named.split(",") if each.strip()]
    if missing := sorted({*wanted} - {*there}):
        raise SystemExit(f"The installation has no table {', '.join(missing)}.")
    return wanted or there


def beside(client: Any, tables: list[str], at: datetime, pause_s: float = 10) -> None:
    """Make a copy of each table as it was, all at once, and wait for them: minutes on AWS."""
    for table in tables:
        client.restore_table_to_point_in_time(
            SourceTableName=table,
            TargetTableName=table + _ENDING,
            RestoreDateTime=at,
            BillingModeOverride="PAY_PER_REQUEST",
            GlobalSecondaryIndexOverride=[],  # nobody asks the copy
        )
    for table in tables:
        while client.describe_table(TableName=table + _ENDING)["Table"]["TableStatus"] != "ACTIVE":
            time.sleep(pause_s)
        print(f"{table}{_ENDING} is there.")


def copy_back(client: Any, table: str, changed: bool = False, exactly: bool = False) -> str:
    """Put items back from the copy of a table, and return what was done, as words.

    Without `changed` only what is missing, so that nothing new is lost.
    """
    described = client.describe_table(TableName=table)["Table"]
    keys = [each["AttributeName"] for each in described["KeySchema"]]
    put = removed = 0
    for item in _items(client, table + _ENDING):
        put += _put(client, table, item, "" if changed or exactly else keys[0])
    if exactly:
        kept = {_key(item, keys) for item in _items(client, table + _ENDING, keys)}
        for item in _items(client, table, keys):
            if _key(item, keys) not in kept:
                client.delete_item(TableName=table, Key={name: item[name] for name in keys})
                removed += 1
    return f"{put} item(s) put back, {removed} removed."


def _put(client: Any, table: str, item: dict[str, Any], unless_there: str) -> bool:
    """Put an item; False where there is one and `unless_there`, the key, is given."""
    if not unless_there:
        client.put_item(TableName=table, Item=item)
        return True
    try:
        client.put_item(
            TableName=table,
            Item=item,
            ConditionExpression="attribute_not_exists(#key)",
            ExpressionAttributeNames={"#key": unless_there},
        )
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def _items(client: Any, table: str, only: list[str] | None = None) -> Iterator[dict[str, Any]]:
    """Yield all items of a table, or of each no more than some attributes."""
    shown: dict[str, Any] = {}
    if only is not None:
        names = {f"#n{n}": name for n, name in enumerate(only)}
        shown = {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names}
    pages = client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True, **shown)
    for page in pages:
        yield from page["Items"]


def _key(item: dict[str, Any], keys: list[str]) -> tuple[str, ...]:
    return tuple(str(sorted(item[name].items())) for name in keys)


def drop(client: Any, tables: list[str]) -> None:
    """Remove the copies there are."""
    for table in tables:
        try:
            client.delete_table(TableName=table + _ENDING)
        except client.exceptions.ResourceNotFoundException:
            continue


if __name__ == "__main__":
    sys.exit(main())
