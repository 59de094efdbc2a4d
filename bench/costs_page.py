"""docs/operating/aws-costs.md from what was counted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.costs import (
    ALWAYS,
    QUEUES,
    Prices,
    bill,
    costs,
    idle,
    mixed,
    switched_on,
    with_mails,
)
from bench.counting import Usage

PAGE = Path(__file__).resolve().parents[1] / "docs" / "operating" / "aws-costs.md"
BY_HAND = "## Videos"  # from here on the page is written by hand
SIZES = (1_000, 100_000, 10_000_000)
SOURCES_BILL = 15.0  # dollars a month, as its documents say: for so many requests and mails
MILLION = 1_000_000
SOURCES_MAILS = 100_000
MOST_IDLE, MOST_FOR_A_MILLION = 4.0, 20.0  # dollars that are aimed at


def page(usages: dict[str, Usage], prices: Prices, present: str = "") -> str:
    """Return the page in Markdown; what the present one has by hand stays."""
    average = mixed(usages, prices.mix)
    fewer = mixed(usages, with_mails(usages, prices.mix, SOURCES_MAILS / MILLION))
    head = ["US dollars a month", *(f"{size:,} requests" for size in SIZES)]
    by_hand = present.partition(f"\n{BY_HAND}\n")[2]
    parts = [
        "# What it costs on AWS",
        _how(prices),
        _table(head, _sizes(average, prices)),
        "## When nobody calls",
        _nobody(prices),
        "## A million requests",
        _million(average, fewer, prices),
        "## If switched on",
        _switched_on(prices),
        "## What one use case uses",
        _table(["", "of 100 calls", *_COLUMNS.values()], _use_cases(usages, prices)),
    ]
    text = "\n\n".join(parts) + "\n"
    return f"{text}\n{BY_HAND}\n{by_hand}" if by_hand else text


def _how(prices: Prices) -> str:
    free = "ten alarms, three dashboards, a million calls of SQS and of Lambda, ten million of "
    free += "CloudFront, 25 GB of tables, 5 GB of logs, 10,000 people who sign in"
    return (
        f"**Prices are AWS's list prices of {prices.as_of} (year and month) in us-east-1** "
        "(N. Virginia), in US dollars without tax or discounts; other regions have "
        "others, mostly higher. They are from memory of the public price list: check them in AWS's "
        "calculator before you promise a sum.\n\n"
        "Written by `python -m bench.costs`: it runs every use case on a stand-in for AWS, counts "
        "the calls and what they consume by AWS's rules, and applies the list prices in "
        "`bench/aws_prices.toml`. *Free* is what every account has free each month for good: "
        f"{free}. Every change is taken to travel alone, though queues hand over up to ten at "
        "once: busy hours are cheaper. Lambda's time is that of a processor of the machine this "
        "ran on, longer by what 512 MB get less of one, and what calls of other services take "
        "within a region, as that file assumes. Meetings' machines and videos are not in it."
    )


def _sizes(average: Usage, prices: Prices) -> list[list[str]]:
    bills = [bill(average, size, prices) for size in SIZES]
    less = [sum(bill(average, size, prices, free=True).values()) for size in SIZES]
    sums = [sum(each.values()) for each in bills]
    return [
        *([name, *(f"{each[name]:,.2f}" for each in bills)] for name in bills[0]),
        ["**Sum**", *(f"**{each:,.2f}**" for each in sums)],
        ["**Sum, less what is free**", *(f"**{each:,.2f}**" for each in less)],
        ["per million requests", *_per_million(less)],
    ]


def _per_million(sums: Sequence[float]) -> list[str]:
    return [f"{each / size * MILLION:,.2f}" for each, size in zip(sums, SIZES, strict=True)]


def _nobody(prices: Prices) -> str:
    listed, less = idle(prices), idle(prices, free=True)
    rows = [[name, f"{cost:,.2f}", f"{less[name]:,.2f}"] for name, cost in listed.items()]
    sums = [sum(listed.values()), sum(less.values())]
    rows.append(["**Sum**", *(f"**{each:,.2f}**" for each in sums)])
    table = _table(["US dollars a month", "by the list", "less what is free"], rows)
    return f"{table}\n\n{_aim(sums[1], MOST_IDLE)}"


def _million(average: Usage, fewer: Usage, prices: Prices) -> str:
    kinds = [(average, False), (average, True), (fewer, False), (fewer, True)]
    bills = [bill(usage, MILLION, prices, free=free) for usage, free in kinds]
    ours, sources = (f"{each.mail * MILLION:,.0f} mails" for each in (average, fewer))
    head = ["US dollars a month", ours, "less what is free", sources, "less what is free"]
    rows = [[name, *(f"{each[name]:,.2f}" for each in bills)] for name in bills[0]]
    sums = [sum(each.values()) for each in bills]
    rows.append(["**Sum**", *(f"**{each:,.2f}**" for each in sums)])
    must = sum(bills[3][name] for name in ("SES", "API Gateway"))
    said = (
        f"The source names ${SOURCES_BILL:.0f} for a million requests with {SOURCES_MAILS:,} "
        "mails. As many of both are in the last two columns: what writes mails is as much more "
        f"seldom, and people look up instead. {_aim(sums[3], MOST_FOR_A_MILLION)} "
        f"${must:.2f} of it are mails and API Gateway, which the source pays too; the largest "
        f"others: {_largest(bills[3])}. What the source leaves out: indexes, change records, "
        "logs, traces, queues, alarms, copies for recovery, CloudFront."
    )
    said += (
        "\n\nWhat would save more has a price that is not in dollars: an HTTP API in place of the "
        "REST API (2.50) has no keys with plans and checks no body; one queue for all reactions "
        f"({bills[3][ALWAYS + QUEUES] * 7 / 8:.2f}) would have what writes mails read the keys of "
        "tokens and change who can sign in; tables without recovery (0.20 a GB) cannot be had back."
    )
    return f"{_table(head, rows)}\n\n{said}"


def _switched_on(prices: Prices) -> str:
    idle_sums = costs(switched_on(0, prices), prices, free=False)
    sums = [costs(switched_on(size, prices), prices, free=False) for size in SIZES]
    rows = [
        [part, f"{cost:,.2f}", *(f"{each[part]:,.2f}" for each in sums)]
        for part, cost in idle_sums.items()
    ]
    head = ["US dollars a month", "nobody calls", *(f"{size:,} requests" for size in SIZES)]
    assumed = prices.assumed
    said = (
        "Both are off unless asked for, and in none of the sums above; neither has anything free. "
        f"`WafRequests`: {assumed['web_acls']:.0f} web ACLs with a rule each, in front of "
        "CloudFront and of the API, which both look at a request that comes through CloudFront. "
        f"`SnapStart`: a picture of {assumed['memory_gb'] * 1024:,.0f} MB for each of "
        f"{assumed['pictures']:.0f} functions that answer requests, without videos."
    )
    return f"{_table(head, rows)}\n\n{said}"


def _aim(cost: float, most: float) -> str:
    met = "which is met" if cost <= most else f"which is missed by ${cost - most:.2f}"
    return f"Aimed at are ${most:.0f} less what is free, {met}."


_COLUMNS = {
    "api_request": "requests",
    "lambda_request": "invocations",
    "lambda_seconds": "ms worked",
    "waited_seconds": "ms waited",
    "dynamodb_write": "write units",
    "dynamodb_read": "read units",
    "sqs_request": "SQS calls",
    "mail": "mails",
    "s3_put": "S3 puts",
    "s3_get": "S3 gets",
}
_SECONDS = ("lambda_seconds", "waited_seconds")


def _use_cases(usages: dict[str, Usage], prices: Prices) -> list[list[str]]:
    rows = []
    for name, usage in usages.items():
        found = {column: getattr(usage, column) for column in _COLUMNS}
        figures = [n * 1000 if column in _SECONDS else n for column, n in found.items()]
        rows.append([name, f"{prices.mix[name]:g}", *(f"{figure:,.4g}" for figure in figures)])
    return rows


def _largest(costs: dict[str, float]) -> str:
    others = {k: v for k, v in costs.items() if k not in ("SES", "API Gateway")}
    largest = sorted(others.items(), key=lambda pair: -pair[1])[:4]
    return ", ".join(f"{name.removeprefix(ALWAYS)} {cost:.2f}" for name, cost in largest)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
