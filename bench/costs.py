"""The bill on AWS: `python -m bench.costs` counts and writes docs/operating/aws-costs.md."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from bench.counting import Usage

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "operating" / "aws-costs.md"
SIZES = (1_000, 100_000, 10_000_000)
GB = 1e9
SOURCES_BILL = 15.0  # dollars a month for a million requests, as its documents say
SOURCES_SIZE = 1_000_000


class Prices(msgspec.Struct, frozen=True):
    """The content of aws_prices.toml, where each figure is explained."""

    as_of: str
    per_million: dict[str, float]
    per_gb: dict[str, float]
    per_month: dict[str, float]
    assumed: dict[str, float]
    mix: dict[str, float]


def read_prices() -> Prices:
    return msgspec.convert(
        tomllib.loads((Path(__file__).with_name("aws_prices.toml")).read_text()), Prices
    )


def mixed(usages: dict[str, Usage], mix: dict[str, float]) -> Usage:
    """Return what one request uses on average; `mix` has the shares of use cases, in any unit.

    A use case may be more than one request: shares are of requests.
    """
    requests = sum(share * usages[name].api_request for name, share in mix.items())
    total = Usage()
    for name, share in mix.items():
        total = total.plus(usages[name], share / requests)
    return total


def bill(usage: Usage, requests: int, prices: Prices) -> dict[str, float]:
    """Return dollars a month by service for `requests` requests that each use `usage`."""
    many = Usage().plus(usage, requests)
    p, gb, month, assumed = prices.per_million, prices.per_gb, prices.per_month, prices.assumed
    # with less memory goes less of a processor, so a call takes longer than on a whole one
    slower = assumed["full_processor_gb"] / assumed["memory_gb"]
    log_bytes = many.lambda_request * assumed["log_bytes"]
    log_bytes += many.api_request * assumed["access_log_bytes"]
    traces = requests * assumed["traced"]
    stored = many.stored_bytes * assumed["item_months"] / GB
    polls = assumed["queues"] * assumed["queue_polls"]

    def millions(*names: str) -> float:
        return sum(getattr(many, name) * p[name] for name in names) / 1e6

    return {
        "API Gateway": millions("api_request"),
        "Lambda": millions("lambda_request")
        + many.lambda_seconds * slower * assumed["memory_gb"] * gb["lambda_second"],
        "DynamoDB": millions("dynamodb_write", "dynamodb_read")
        + stored * (gb["table_month"] + gb["recovery_month"]),
        "SES": millions("mail"),
        "SQS": millions("sqs_request"),
        "S3": millions("s3_put", "s3_get")
        + many.s3_bytes * assumed["item_months"] / GB * gb["s3_month"],
        "Scheduler": millions("scheduler_call"),
        "CloudWatch Logs": log_bytes / GB * gb["logs"],
        "X-Ray": traces * p["trace"] / 1e6,
        "Data out": many.out_bytes / GB * gb["data_out"],
        "Always: queues that are empty": polls * p["sqs_request"] / 1e6,
        "Always: alarms and dashboard": assumed["alarms"] * month["alarm"]
        + assumed["dashboards"] * month["dashboard"],
        "Always: people who sign in": assumed["people"] * month["person"],
        "Always: keys": assumed["secrets"] * month["secret"]
        + assumed["secret_calls"] * p["secret_call"] / 1e6,
    }


def page(usages: dict[str, Usage], prices: Prices) -> str:
    """Return the page in Markdown."""
    average = mixed(usages, prices.mix)
    bills = [bill(average, size, prices) for size in SIZES]
    rows = [[name, *(f"{each[name]:,.2f}" for each in bills)] for name in bills[0]]
    rows.append(["**Sum**", *(f"**{sum(each.values()):,.2f}**" for each in bills)])
    rows.append(["per million requests", *_per_million(bills)])
    head = ["US dollars a month", *(f"{size:,} requests" for size in SIZES)]
    parts = [
        "# What it costs on AWS",
        _how(prices),
        _table(head, rows),
        _beside_the_source(bill(average, SOURCES_SIZE, prices), average.mail * SOURCES_SIZE),
        "## What one use case uses",
        _table(["", "of 100 calls", *_COLUMNS.values()], _use_cases(usages, prices)),
    ]
    return "\n\n".join(parts) + "\n"


def _how(prices: Prices) -> str:
    return (
        "Written by `python -m bench.costs`: it runs every use case on a stand-in for AWS, counts "
        "the calls and what they consume by AWS's rules, and applies the list prices in "
        f"`bench/aws_prices.toml` (us-east-1, as of {prices.as_of}, **from memory of the public "
        "price list: check them**). No free tier is counted. Every change is taken to travel "
        "alone, though queues hand over up to ten at once: busy hours are cheaper. The time of "
        "Lambda is that of the machine this ran on, longer by what 512 MB get less of a processor."
    )


def _beside_the_source(costs: dict[str, float], mails: float) -> str:
    always = sum(cost for name, cost in costs.items() if name.startswith("Always"))
    return (
        f"The source names ${SOURCES_BILL:.0f} for a million requests with 100,000 mails. As many "
        f"requests, with {mails:,.0f} mails, cost ${sum(costs.values()):.2f} here, ${always:.2f} "
        f"of it whether anyone calls or not. The largest parts: {_largest(costs)}. What the source "
        "leaves out: indexes, change records, logs, traces, queues, alarms, copies for recovery."
    )


_COLUMNS = {
    "api_request": "requests",
    "lambda_request": "invocations",
    "lambda_seconds": "ms",
    "dynamodb_write": "write units",
    "dynamodb_read": "read units",
    "sqs_request": "SQS calls",
    "mail": "mails",
    "s3_put": "S3 puts",
    "s3_get": "S3 gets",
}


def _use_cases(usages: dict[str, Usage], prices: Prices) -> list[list[str]]:
    rows = []
    for name, usage in usages.items():
        figures = [getattr(usage, column) for column in _COLUMNS]
        figures[2] *= 1000
        rows.append([name, f"{prices.mix[name]:g}", *(f"{figure:,.4g}" for figure in figures)])
    return rows


def _per_million(bills: list[dict[str, float]]) -> list[str]:
    pairs = zip(bills, SIZES, strict=True)
    return [f"{sum(each.values()) / size * 1e6:,.2f}" for each, size in pairs]


def _largest(costs: dict[str, float]) -> str:
    largest = sorted(costs.items(), key=lambda pair: -pair[1])[:5]
    return ", ".join(f"{name.removeprefix('Always: ')} {cost:.2f}" for name, cost in largest)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def main() -> int:
    """Count, write the page and show it."""
    from bench.use_cases import count

    counted: Any = count()
    text = page(counted, read_prices())
    PAGE.write_text(text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
