"""The arithmetic of the bill on examples that can be checked by hand."""

import pytest

from bench.capacity import Index, Writes, item_size, read_units, write_units
from bench.costs import (
    Prices,
    bill,
    costs,
    idle,
    mixed,
    read_prices,
    switched_on,
    with_mails,
)
from bench.costs_page import page
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


MADE_UP = Prices(
    as_of="2026-01",
    per_million={
        "api_request": 3.5,
        "lambda_request": 0.2,
        "lambda_second": 10.0,
        "dynamodb_write": 1.0,
        "dynamodb_read": 0.5,
        "sqs_request": 0.4,
        "mail": 100.0,
        "s3_put": 5.0,
        "s3_get": 0.4,
        "scheduler_call": 1.0,
        "secret_call": 5.0,
        "trace": 5.0,
        "front_request": 1.0,
        "front_function": 0.1,
        "web_request": 0.6,
    },
    per_gb={
        "logs": 0.5,
        "front_out": 0.1,
        "table_month": 0.25,
        "recovery_month": 0.25,
        "s3_month": 0.02,
        "picture_start": 0.0001,
        "picture_month": 4.0,
    },
    per_month={
        "secret": 0.4,
        "alarm": 0.1,
        "dashboard": 3.0,
        "person": 0.01,
        "web_acl": 5.0,
        "web_rule": 1.0,
    },
    free={"sqs_request": 1_500_000, "alarm": 4, "lambda_second": 1_000_000, "table_month": 4},
    waits={},
    assumed={
        "memory_gb": 0.5,
        "full_processor_gb": 1.0,
        "pictures": 3,
        "web_acls": 2,
        "cold_share": 0.01,
        "cold_seconds": 1.0,
        "log_bytes": 1000,
        "access_log_bytes": 500,
        "page_files": 2.0,
        "page_bytes": 1000,
        "item_months": 10,
        "secret_calls": 100_000,
        "queue_polls": 1_000_000,
        "queues": 2,
        "sweeps": 100_000,
        "sweep_seconds": 1.0,
        "sweep_reads": 2,
        "alarms": 10,
        "traced": 0.05,
        "secrets": 2,
        "dashboards": 1,
        "people": 100,
    },
    mix={},
)
ALWAYS = {
    "queues that are empty": 0.8,
    "alarms and dashboard": 4.0,
    "keys": 0.8,
    # requests, 50,000 GB-seconds, three calls of queues, 200,000 reads, a tenth of a GB of logs
    "meetings looked after": 0.02 + 0.5 + 0.12 + 0.1 + 0.05,
}
USAGE = Usage(
    api_request=1,
    lambda_request=2,
    lambda_seconds=0.1,
    waited_seconds=0.18,
    dynamodb_write=4,
    dynamodb_read=2,
    sqs_request=5,
    mail=0.1,
    stored_bytes=1000,
    out_bytes=1000,
)


def test_a_bill():
    assert idle(MADE_UP) == pytest.approx(ALWAYS)
    assert bill(USAGE, 1_000_000, MADE_UP) == pytest.approx(
        {
            **{f"Always: {part}": cost for part, cost in ALWAYS.items()},
            "API Gateway": 3.5,
            "CloudFront": 3.0 + 0.2 + 0.3,  # two files for each request; 3 GB in all
            # 0.1 s on half a GB take 0.2 s, 0.18 of waiting, 0.02 of starts: 0.2 GB-seconds
            "Lambda": 0.4 + 2.0,
            "DynamoDB: writes": 4.0,
            "DynamoDB: reads": 1.0,
            "DynamoDB: a year's reports kept": 5.0,  # 10 GB at 0.50
            "SES": 10.0,
            "SQS": 2.0,
            "S3": 0.0,
            "Scheduler": 0.0,
            "CloudWatch Logs": 1.25,
            "X-Ray": 0.25,  # one of twenty
            "Secrets read": 0.5,
            "People who sign in": 1.0,
        }
    )


def test_what_is_off_has_a_price_of_its_own():
    assert costs(switched_on(0, MADE_UP), MADE_UP, free=False) == pytest.approx(
        {
            "`WafRequests`: limits of requests": 12.0,
            "`SnapStart`: starts from pictures": 6.0,  # three of half a GB
        }
    )
    assert costs(switched_on(1_000_000, MADE_UP), MADE_UP, free=False) == pytest.approx(
        {
            # two look at each request, one at each of two files
            "`WafRequests`: limits of requests": 12.0 + 2.4,
            "`SnapStart`: starts from pictures": 6.0 + 0.5,  # a hundredth of them starts one
        }
    )


def test_the_page_names_month_and_region_of_its_prices_and_what_is_off():
    prices = read_prices()
    usages = {name: Usage(api_request=1, mail=1) for name in prices.mix}
    usages["look up"] = Usage(api_request=1)
    written = page(usages, prices)
    assert f"list prices of {prices.as_of} (year and month) in us-east-1" in written
    switched = written.partition("## If switched on")[2].partition("\n## ")[0]
    assert "| `WafRequests`: limits of requests | 12.00 |" in switched
    assert "| `SnapStart`: starts from pictures | 7.80 |" in switched


def test_what_is_free_is_so_once_and_first_for_what_is_always_paid():
    listed, less = bill(USAGE, 1_000_000, MADE_UP), bill(USAGE, 1_000_000, MADE_UP, free=True)
    spared = {part: cost - less[part] for part, cost in listed.items() if cost != less[part]}
    assert spared == pytest.approx(
        {
            "Always: queues that are empty": 0.6,  # all of a million and a half
            "Always: alarms and dashboard": 0.4,
            "Always: meetings looked after": 0.5,
            "Lambda": 2.0,  # what is left of a million GB-seconds is more than enough
            "DynamoDB: a year's reports kept": 1.0,  # of 10 GB in tables, not of their copies
        }
    )


def test_fewer_mails_leave_more_look_ups():
    usages = {
        "look up": Usage(api_request=1),
        "report": Usage(api_request=1, mail=2),
        "photo": Usage(api_request=2),
    }
    mix = with_mails(usages, {"look up": 60.0, "report": 30.0, "photo": 5.0}, 0.1)
    assert mix == pytest.approx({"look up": 85.0, "report": 5.0, "photo": 5.0})
    assert mixed(usages, mix).mail == pytest.approx(0.1)


def test_the_page_says_whether_its_aims_are_met_and_keeps_what_is_by_hand():
    prices = read_prices()
    usages = {name: Usage(api_request=1, mail=1) for name in prices.mix}
    usages["look up"] = Usage(api_request=1)
    written = page(usages, prices, "# Old\n\n## Videos\nBy hand.\n")
    assert written.endswith("\n\n## Videos\nBy hand.\n")
    assert "# Old" not in written
    assert "Aimed at are $4 less what is free, which is met." in written
    dear = {**usages, "look up": Usage(api_request=1, dynamodb_write=100)}
    assert "which is missed by $" in page(dear, prices)


def test_the_price_file_knows_what_is_deployed():
    """What is paid whether anyone calls or not, but for videos, which the page has apart."""
    assumed, always = read_prices().assumed, INVENTORY.always
    asked = [each for each in always.workers if not each.only_with]
    assert assumed["queues"] == len(asked)
    made = [
        name
        for stack in ("shared", *(each.template for each in always.stacks))
        for name, each in template(stack)["Resources"].items()
        if each["Type"] == "AWS::SecretsManager::Secret"
    ]
    assert assumed["secrets"] == len({*made}) + 1  # that of photos is made by the deploy tool
    alarms = template("monitoring")["Resources"].values()
    watching = [each for each in alarms if each["Type"] == "AWS::CloudWatch::Alarm"]
    assert assumed["alarms"] == len(watching)  # each reads one figure
    pictured = [
        name
        for each in INVENTORY.always.stacks
        for name, made in template(each.template)["Resources"].items()
        if "SnapStart" in made.get("Properties", {})
    ]
    assert assumed["pictures"] == len(pictured)
    walls = [
        each
        for stack in ("api", "waf")
        for each in template(stack)["Resources"].values()
        if each["Type"] == "AWS::WAFv2::WebACL"
    ]
    assert assumed["web_acls"] == len(walls)
    assert all(len(each["Properties"]["Rules"]) == 1 for each in walls)
    rule = template("api")["Resources"]["Sampling"]["Properties"]["SamplingRule"]
    assert assumed["traced"] == rule["FixedRate"]


def test_the_price_file_is_whole():
    prices = read_prices()
    assert set(prices.mix) >= {"look up", "photo"}
    assert sum(prices.mix.values()) == 100
    assert all(cost >= 0 for cost in bill(Usage(*[1] * 9), 1, prices).values())
    assert {*prices.free} <= {*prices.per_million, *prices.per_gb, *prices.per_month}
    assert {*prices.waits} >= {"dynamodb", "transaction", "sqs", "sesv2", "s3"}
