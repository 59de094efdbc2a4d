"""DynamoDB in plain values: reads, queries and all-or-nothing writes."""

import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from botocore.exceptions import ClientError

from quadrangle.aws.base.errors import code_of, translated
from quadrangle.aws.base.items import Values, item, plain, typed
from quadrangle.kernel.errors import Unavailable

# Transactions that got in each other's way are tried again; botocore does so for other calls only.
ATTEMPTS = 6
FIRST_PAUSE_S = 0.025
BATCH_GET = 100  # items, the most DynamoDB gives at once
BATCH_WRITE = 25

Operation = dict[str, Any]
_NAME = re.compile(r"#(\w+)")


class ConditionFailed(Exception):
    """The condition of one operation did not hold, so nothing was written.

    `index` is the operation's place among those of the transaction.
    """

    def __init__(self, index: int) -> None:
        self.index = index
        super().__init__(f"condition of operation {index} failed")


class Query(msgspec.Struct, frozen=True):
    """A walk along one partition of a table or an index.

    `condition` and `narrowed` are expressions with their own `values` (`:name`); attribute names
    in them are written `#name` and need no declaration. `narrowed` is applied after reading.
    """

    table: str
    condition: str
    values: Values
    index: str | None = None
    narrowed: str | None = None
    newest_first: bool = False
    start: Values | None = None
    page_size: int | None = None


class QueryPage(msgspec.Struct, frozen=True):
    """What one call of a query read; `last` is where the next one starts, None at the end."""

    items: list[Values]
    last: Values | None


class Share(msgspec.Struct, frozen=True):
    """How much of a table one call of a function reads: so many calls of a megabyte, or of `rows`
    items, fewer once `most` items were found. A tenth of what a minute allows: a batch has ten."""

    calls: int = 10
    rows: int | None = None
    most: int = 200


class Dynamo:
    """The calls stores need. Each raises Unavailable when DynamoDB refuses or does not answer."""

    def __init__(self, client: Any, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep

    def get(self, table: str, key: Values, *, consistent: bool = True) -> Values | None:
        """Return one item, as written last unless `consistent` is False; None when missing."""
        with translated():
            answer = self._client.get_item(
                TableName=table, Key=item(key), ConsistentRead=consistent
            )
        return plain(answer["Item"]) if "Item" in answer else None

    def get_many(
        self, table: str, keys: Sequence[Values], *, consistent: bool = False
    ) -> list[Values]:
        """Return the items there are of these keys, in any order; as written last on demand."""
        found: list[Values] = []
        waiting = [item(key) for key in keys]
        for attempt in range(ATTEMPTS):
            left: list[Any] = []
            for start in range(0, len(waiting), BATCH_GET):
                batch = {"Keys": waiting[start : start + BATCH_GET], "ConsistentRead": consistent}
                with translated():
                    answer = self._client.batch_get_item(RequestItems={table: batch})
                found += [plain(each) for each in answer["Responses"].get(table, [])]
                left += answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
            if not left:
                return found
            waiting = left
            self._pause(attempt)
        raise Unavailable()

    def query_page(self, query: Query) -> QueryPage:
        """Return what one call reads: at most a megabyte, or `page_size` items before narrowing."""
        with translated():
            answer = self._client.query(**_query_arguments(query))
        last = answer.get("LastEvaluatedKey")
        return QueryPage([plain(i) for i in answer["Items"]], plain(last) if last else None)

    def query(self, query: Query) -> Iterator[Values]:
        """Yield the items of a query, reading on as they are taken."""
        while True:
            page = self.query_page(query)
            yield from page.items
            if page.last is None:
                return
            query = msgspec.structs.replace(query, start=page.last)

    def scan(
        self,
        table: str,
        condition: str | None = None,
        *,
        behind: Values | None = None,
        **values: Any,
    ) -> Iterator[Values]:
        """Yield the items of a whole table for which `condition` holds, or all, reading on as they
        are taken; those after the key `behind`. It costs as much as reading everything: for what
        happens seldom."""
        arguments: dict[str, Any] = {"TableName": table, "ConsistentRead": True}
        if behind is not None:
            arguments["ExclusiveStartKey"] = item(behind)
        if condition is not None:
            arguments |= {
                "FilterExpression": condition,
                "ExpressionAttributeNames": _names(condition),
                "ExpressionAttributeValues": {f":{k}": typed(v) for k, v in values.items()},
            }
        while True:
            with translated():
                answer = self._client.scan(**arguments)
            yield from map(plain, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def scan_share(
        self,
        table: str,
        condition: str,
        share: Share,
        *,
        behind: Values | None = None,
        only: Callable[[Values], bool] = lambda _: True,
        **values: Any,
    ) -> QueryPage:
        """Read a share of a whole table, from behind a key on: the items for which `condition`
        holds and `only` is true, and the key behind which to go on, None at the end."""
        arguments: dict[str, Any] = {
            "TableName": table,
            "ConsistentRead": True,
            "FilterExpression": condition,
            "ExpressionAttributeNames": _names(condition),
            "ExpressionAttributeValues": {f":{k}": typed(v) for k, v in values.items()},
        }
        if share.rows is not None:
            arguments["Limit"] = share.rows
        found: list[Values] = []
        last = None if behind is None else item(behind)
        for _ in range(share.calls):
            if last is not None:
                arguments["ExclusiveStartKey"] = last
            with translated():
                answer = self._client.scan(**arguments)
            found += filter(only, map(plain, answer["Items"]))
            last = answer.get("LastEvaluatedKey")
            if last is None or len(found) >= share.most:
                break
        return QueryPage(found, plain(last) if last else None)

    def count(self, query: Query) -> int:
        """Count the items of a query without fetching them."""
        total = 0
        arguments = {**_query_arguments(query), "Select": "COUNT"}
        while True:
            with translated():
                answer = self._client.query(**arguments)
            total += answer["Count"]
            if "LastEvaluatedKey" not in answer:
                return total
            arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def write(self, operation: Operation) -> None:
        """Do one `put` by itself, at half of what it costs in a transaction.

        Raises ConditionFailed.
        """
        for attempt in range(ATTEMPTS):
            with translated():
                try:
                    self._client.put_item(**operation["Put"])
                    return
                except ClientError as error:
                    if code_of(error) == "ConditionalCheckFailedException":
                        raise ConditionFailed(0) from error
                    if code_of(error) != "TransactionConflictException":
                        raise
            self._pause(attempt)
        raise Unavailable()

    def count_one(self, table: str, key: Values, name: str, beside: Values) -> int:
        """Add one to a number, which begins at 0, set what is `beside` it, and return it."""
        values = {f":s{n}": typed(value) for n, value in enumerate(beside.values())}
        names = {f"#s{n}": other for n, other in enumerate(beside)}
        sets = ", ".join(f"#s{n} = :s{n}" for n in range(len(beside)))
        with translated():
            answer = self._client.update_item(
                TableName=table,
                Key=item(key),
                UpdateExpression=f"ADD #n :one SET {sets}",
                ExpressionAttributeNames={"#n": name, **names},
                ExpressionAttributeValues={":one": typed(1), **values},
                ReturnValues="UPDATED_NEW",
            )
        return plain(answer["Attributes"])[name]

    def take(self, table: str, key: Values) -> Values | None:
        """Remove an item and return it; of several who do so at once, one gets it."""
        with translated():
            answer = self._client.delete_item(
                TableName=table, Key=item(key), ReturnValues="ALL_OLD"
            )
        return plain(answer["Attributes"]) if answer.get("Attributes") else None

    def transact(self, *operations: Operation) -> None:
        """Write all or nothing. Raises ConditionFailed."""
        for attempt in range(ATTEMPTS):
            reasons = self._try(operations)
            if reasons is None:
                return
            if "ConditionalCheckFailed" in reasons:
                raise ConditionFailed(reasons.index("ConditionalCheckFailed"))
            if not _RETRIED.intersection(reasons):
                break
            self._pause(attempt)
        raise Unavailable()

    def _try(self, operations: Sequence[Operation]) -> list[str] | None:
        """Return why each operation was not written, None when all were."""
        with translated():
            try:
                self._client.transact_write_items(TransactItems=list(operations))
            except ClientError as error:
                if code_of(error) != "TransactionCanceledException":
                    raise
                answer: Any = error.response
                return [reason.get("Code", "None") for reason in answer["CancellationReasons"]]
        return None

    def write_many(
        self, table: str, *, put: Sequence[Values] = (), delete: Sequence[Values] = ()
    ) -> None:
        """Put items and delete keys, in any order and not all at once: for what may be repeated."""
        waiting: list[Any] = [{"PutRequest": {"Item": item(values)}} for values in put]
        waiting += [{"DeleteRequest": {"Key": item(key)}} for key in delete]
        for attempt in range(ATTEMPTS):
            left: list[Any] = []
            for start in range(0, len(waiting), BATCH_WRITE):
                request = {table: waiting[start : start + BATCH_WRITE]}
                with translated():
                    answer = self._client.batch_write_item(RequestItems=request)
                left += answer.get("UnprocessedItems", {}).get(table, [])
            if not left:
                return
            waiting = left
            self._pause(attempt)
        raise Unavailable()

    def _pause(self, attempt: int) -> None:
        # full jitter: those that met once do not meet again
        self._sleep(random.random() * FIRST_PAUSE_S * 2**attempt)  # noqa: S311 - not a secret


_RETRIED = {
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
    "RequestLimitExceeded",
}


def put(table: str, values: Values, condition: str | None = None, **given: Any) -> Operation:
    """Return the operation that writes a whole item, given values for `:name` in the condition."""
    return {"Put": {"TableName": table, "Item": item(values), **_condition(condition, given)}}


def delete(table: str, key: Values, condition: str | None = None, **given: Any) -> Operation:
    """Return the operation that removes an item."""
    return {"Delete": {"TableName": table, "Key": item(key), **_condition(condition, given)}}


def check(table: str, key: Values, condition: str, **given: Any) -> Operation:
    """Return the operation that only makes sure of something."""
    return {
        "ConditionCheck": {"TableName": table, "Key": item(key), **_condition(condition, given)}
    }


def add(table: str, key: Values, amounts: Mapping[str, int]) -> Operation:
    """Return the operation that adds to numbers, which begin at 0."""
    names = {f"#a{n}": name for n, name in enumerate(amounts)}
    values = {f":a{n}": typed(amount) for n, amount in enumerate(amounts.values())}
    sums = ", ".join(f"#a{n} :a{n}" for n in range(len(amounts)))
    return {
        "Update": {
            "TableName": table,
            "Key": item(key),
            "UpdateExpression": f"ADD {sums}",
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
    }


def assign(table: str, key: Values, values: Values, condition: str, **given: Any) -> Operation:
    """Return the operation that sets some attributes of an item and leaves the others."""
    sets = ", ".join(f"#{name} = :new{n}" for n, name in enumerate(values))
    new = {f":new{n}": typed(value) for n, value in enumerate(values.values())}
    asked = _condition(condition, given)
    return {
        "Update": {
            "TableName": table,
            "Key": item(key),
            "UpdateExpression": f"SET {sets}",
            "ConditionExpression": condition,
            "ExpressionAttributeNames": _names(condition, sets),
            "ExpressionAttributeValues": {**asked.get("ExpressionAttributeValues", {}), **new},
        }
    }


def unset(table: str, key: Values, name: str, condition: str) -> Operation:
    """Return the operation that takes one attribute off an item."""
    return {
        "Update": {
            "TableName": table,
            "Key": item(key),
            "UpdateExpression": f"REMOVE #{name}",
            "ConditionExpression": condition,
            "ExpressionAttributeNames": _names(condition, f"#{name}"),
        }
    }


def _condition(expression: str | None, given: Mapping[str, Any]) -> dict[str, Any]:
    if expression is None:
        return {}
    arguments: dict[str, Any] = {"ConditionExpression": expression}
    if names := _names(expression):
        arguments["ExpressionAttributeNames"] = names
    if given:
        arguments["ExpressionAttributeValues"] = {f":{k}": typed(v) for k, v in given.items()}
    return arguments


def _names(*expressions: str | None) -> dict[str, str]:
    """Return what `#name` stands for: `name`. Written so, a name may be a reserved word."""
    found = (word for text in expressions if text for word in _NAME.findall(text))
    return {f"#{name}": name for name in found}


def _query_arguments(query: Query) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "TableName": query.table,
        "KeyConditionExpression": query.condition,
        "ExpressionAttributeNames": _names(query.condition, query.narrowed),
        "ExpressionAttributeValues": {f":{k}": typed(v) for k, v in query.values.items()},
        "ScanIndexForward": not query.newest_first,
    }
    if query.index is None:
        arguments["ConsistentRead"] = True
    else:
        arguments["IndexName"] = query.index
    if query.narrowed is not None:
        arguments["FilterExpression"] = query.narrowed
    if query.start is not None:
        arguments["ExclusiveStartKey"] = item(query.start)
    if query.page_size is not None:
        arguments["Limit"] = query.page_size
    return arguments
