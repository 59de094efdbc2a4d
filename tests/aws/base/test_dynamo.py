"""What becomes of DynamoDB's refusals: tried again after random pauses, at last Unavailable."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from quadrangle.aws.base.dynamo import ATTEMPTS, ConditionFailed, Dynamo, put
from quadrangle.kernel.errors import Unavailable

WRITE = put("Things", {"id": "a"}, "attribute_not_exists(#id)")


def cancelled(*codes: str) -> ClientError:
    reasons = [{"Code": code} for code in codes]
    answer: Any = {
        "Error": {"Code": "TransactionCanceledException"},
        "CancellationReasons": reasons,
    }
    return ClientError(answer, "TransactWriteItems")


def refused(code: str) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "arn:aws:secret-detail"}}
    return ClientError(answer, "Any")


class Table:
    """A client that gives these answers in turn, the last one again and again."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)
        self.calls = 0

    def __getattr__(self, name: str) -> Any:
        def call(**_: Any) -> Any:
            self.calls += 1
            answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


def dynamo(table: Table) -> tuple[Dynamo, list[float]]:
    pauses: list[float] = []
    return Dynamo(table, pauses.append), pauses


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError"])
def test_a_transaction_in_the_way_of_another_is_tried_again(code: str):
    table = Table(cancelled("None", code), cancelled(code), {})
    store, pauses = dynamo(table)
    store.transact(WRITE, WRITE)
    assert (table.calls, len(pauses)) == (3, 2)


def test_one_that_never_gets_through_is_unavailable():
    table = Table(cancelled("TransactionConflict"))
    store, pauses = dynamo(table)
    with pytest.raises(Unavailable):
        store.transact(WRITE)
    assert table.calls == ATTEMPTS
    assert len(set(pauses)) > 1  # random, so that two do not meet again and again


def test_a_condition_that_does_not_hold_is_told_with_its_place_and_not_tried_again():
    table = Table(cancelled("None", "ConditionalCheckFailed"))
    store, _ = dynamo(table)
    with pytest.raises(ConditionFailed) as caught:
        store.transact(WRITE, WRITE)
    assert (caught.value.index, table.calls) == (1, 1)


def test_a_single_write_in_the_way_of_a_transaction_is_tried_again():
    table = Table(refused("TransactionConflictException"), {})
    store, pauses = dynamo(table)
    store.write(WRITE)
    assert (table.calls, len(pauses)) == (2, 1)


def test_a_single_write_that_never_gets_through_is_unavailable():
    table = Table(refused("TransactionConflictException"))
    store, _ = dynamo(table)
    with pytest.raises(Unavailable):
        store.write(WRITE)
    assert table.calls == ATTEMPTS


def test_a_single_write_tells_that_its_condition_does_not_hold():
    table = Table(refused("ConditionalCheckFailedException"))
    store, _ = dynamo(table)
    with pytest.raises(ConditionFailed):
        store.write(WRITE)
    assert table.calls == 1


@pytest.mark.parametrize(
    "error",
    [
        refused("ProvisionedThroughputExceededException"),
        refused("ThrottlingException"),
        refused("AccessDeniedException"),
        refused("InternalServerError"),
        EndpointConnectionError(endpoint_url="https://example"),
    ],
)
def test_what_dynamodb_does_not_give_is_unavailable_and_says_nothing_inner(error: Exception):
    store, _ = dynamo(Table(error))
    for call in (
        lambda: store.get("Things", {"id": "a"}),
        lambda: store.transact(WRITE),
        lambda: store.write(WRITE),
        lambda: store.write_many("Things", put=[{"id": "a"}]),
    ):
        with pytest.raises(Unavailable) as caught:
            call()
        assert "arn" not in caught.value.message


def test_what_a_batch_left_over_is_written_too():
    left = {"UnprocessedItems": {"Things": [{"PutRequest": {"Item": {"id": {"S": "b"}}}}]}}
    table = Table(left, {})
    store, pauses = dynamo(table)
    store.write_many("Things", put=[{"id": "a"}, {"id": "b"}])
    assert (table.calls, len(pauses)) == (2, 1)
