"""The arithmetic of the bill on examples that can be checked by hand."""

import pytest

from bench.capacity import Index, Writes, item_size, read_units, write_units
from bench.costs import Prices, bill, mixed, read_prices
from bench.counting import Usage
from deploy.aws.inventory import INVENTORY
from tests.standin.tables import template

TABLE = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [
        {
            "KeySchema": [{"AttributeName": "status", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
}


def text(size: int) -> dict[str, str]:
    return {"S": "x" * size}


def test_units_of_items():
    assert item_size({"id": text(10), "n": {"N": "123"}, "b": {"BOOL": True}}) == 12 + 4 + 2
    assert item_size({"id": text(10), "body": {"B": b"123"}}) == 12 + 7
    assert write_units({"i": text(1023)}) == 1
    assert write_units({"i": text(1024)}) == 2
    assert read_units(0, consistent=True) == 1
    assert read_units(4097, consistent=True) == 2
    assert read_units(4097, consistent=False) == 1


def test_writes_cost_twice_in_a_transaction_and_indexes_as_entries_move():
    writes = Writes({"T": TABLE})
    issue = {"id": text(36), "status": text(4)}
    assert writes.put("T", issue, factor=2) == 2 + 1
    assert writes.put("T", {**issue, "note": text(4)}, factor=2) == 2 + 1
    assert writes.put("T", {**issue, "status": text(8)}, factor=2) == 2 + 2
    assert writes.put("T", {"id": text(36)}) == 1 + 1
    assert writes.put("T", {"id": text(36), "note": text(4)}) == 1
    assert writes.stored == (38 + 8) + 100


def test_an_index_knows_only_what_it_keeps():
    index = Index(["status"], {"status", "id"})
    before = {"id": text(1), "status": text(1), "note": text(1)}
    assert index.units(before, {**before, "note": text(2)}) == 0
    assert index.units(before, None) == 1


def test_a_mix_is_by_requests():
    usages = {"a": Usage(api_request=1, mail=2), "b": Usage(api_request=3, mail=0)}
    average = mixed(usages, {"a": 50, "b": 50})
    assert average.api_request == 1
    assert average.mail == 0.5


def test_a_bill():
    per_million = {
        "api_request": 3.5,
        "lambda_request": 0.2,
        "dynamodb_write": 1.0,
        "dynamodb_read": 0.5,
        "sqs_request": 0.4,
        "mail": 100.0,
        "s3_put": 5.0,
        "s3_get": 0.4,
        "scheduler_call": 1.0,
        "secret_call": 5.0,
        "trace": 5.0,
    }
    per_gb = {
        "lambda_second": 0.00001,
        "logs": 0.5,
        "data_out": 0.1,
        "table_month": 0.25,
        "recovery_month": 0.25,
        "s3_month": 0.02,
    }
    assumed = {
        "memory_gb": 0.5,
        "full_processor_gb": 1.0,
        "log_bytes": 1000,
        "access_log_bytes": 500,
        "item_months": 10,
        "secret_calls": 100_000,
        "queue_polls": 1_000_000,
        "queues": 5,
        "alarms": 10,
        "traced": 0.05,
        "secrets": 2,
        "dashboards": 1,
        "people": 100,
    }
    per_month = {"secret": 0.4, "alarm": 0.1, "dashboard": 3.0, "person": 0.01}
    prices = Prices("2026-01", per_million, per_gb, per_month, assumed, {})
    usage = Usage(
        api_request=1,
        lambda_request=2,
        lambda_seconds=0.1,
        dynamodb_write=4,
        dynamodb_read=2,
        sqs_request=5,
        mail=0.1,
        stored_bytes=1000,
        out_bytes=1000,
    )
    assert bill(usage, 1_000_000, prices) == pytest.approx(
        {
            "API Gateway": 3.5,
            "Lambda": 0.4 + 1.0,  # 0.1 s on half a GB take 0.2 s: a tenth of a GB-second
            "DynamoDB": 4.0 + 1.0 + 5.0,  # 10 GB stored at 0.50
            "SES": 10.0,
            "SQS": 2.0,
            "S3": 0.0,
            "Scheduler": 0.0,
            "CloudWatch Logs": 1.25,
            "X-Ray": 0.25,  # one of twenty
            "Data out": 0.1,
            "Always: queues that are empty": 2.0,
            "Always: alarms and dashboard": 4.0,
            "Always: people who sign in": 1.0,
            "Always: keys": 0.8 + 0.5,
        }
    )


def test_the_price_file_knows_what_is_deployed():
    """What is paid whether anyone calls or not, but for videos, which the page has apart."""
    assumed, always = read_prices().assumed, INVENTORY.always
    assert assumed["queues"] == len(always.workers)
    alarms = template("monitoring")["Resources"].values()
    watching = [each for each in alarms if each["Type"] == "AWS::CloudWatch::Alarm"]
    assert assumed["alarms"] == len(watching)  # each reads one figure
    rule = template("api")["Resources"]["Sampling"]["Properties"]["SamplingRule"]
    assert assumed["traced"] == rule["FixedRate"]


def test_the_price_file_is_whole():
    prices = read_prices()
    assert set(prices.mix) >= {"look up", "photo"}
    assert sum(prices.mix.values()) == 100
    assert all(cost >= 0 for cost in bill(Usage(1, 1, 1, 1, 1, 1, 1, 1, 1), 1, prices).values())
