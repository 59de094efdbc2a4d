"""The bill on AWS: `python -m bench.costs` counts and writes docs/operating/aws-costs.md."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from bench.counting import Usage

GB = 1e9
ALWAYS = "Always: "  # whether anyone calls or not
QUEUES = "queues that are empty"
READER = "look up"  # the use case that takes the place of others in a mix with fewer mails


class Prices(msgspec.Struct, frozen=True):
    """The content of aws_prices.toml, where each figure is explained."""

    as_of: str
    per_million: dict[str, float]
    per_gb: dict[str, float]
    per_month: dict[str, float]
    free: dict[str, float]
    waits: dict[str, float]
    assumed: dict[str, float]
    mix: dict[str, float]

    def of(self, name: str) -> float:
        """Return the price of one."""
        if name in self.per_million:
            return self.per_million[name] / 1e6
        return self.per_gb[name] if name in self.per_gb else self.per_month[name]


class Line(msgspec.Struct, frozen=True):
    """So much of what has a price, within a part of the bill."""

    part: str
    name: str
    amount: float


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


def with_mails(
    usages: dict[str, Usage], mix: dict[str, float], per_request: float
) -> dict[str, float]:
    """Return a mix with so many mails per request: what writes mails is more seldom, and people
    look up instead."""
    wanted = per_request / mixed(usages, mix).mail
    fewer = {name: share * wanted if usages[name].mail else share for name, share in mix.items()}
    left = sum(usages[name].api_request * (share - fewer[name]) for name, share in mix.items())
    return {**fewer, READER: fewer[READER] + left / usages[READER].api_request}


def always(prices: Prices) -> Iterator[Line]:
    """Yield what a month costs in which nobody calls, but for people who sign in."""
    assumed = prices.assumed
    yield Line(QUEUES, "sqs_request", assumed["queues"] * assumed["queue_polls"])
    yield Line("alarms and dashboard", "alarm", assumed["alarms"])
    yield Line("alarms and dashboard", "dashboard", assumed["dashboards"])
    yield Line("keys", "secret", assumed["secrets"])
    meetings, sweeps = "meetings looked after", assumed["sweeps"]
    yield Line(meetings, "lambda_request", sweeps)
    gb_seconds = sweeps * assumed["sweep_seconds"] * assumed["memory_gb"]
    yield Line(meetings, "lambda_second", gb_seconds)
    yield Line(meetings, "sqs_request", 3 * sweeps)  # sent by a rule, received, deleted
    yield Line(meetings, "dynamodb_read", assumed["sweep_reads"] * sweeps)
    yield Line(meetings, "logs", sweeps * assumed["log_bytes"] / GB)


def called(usage: Usage, requests: int, prices: Prices) -> Iterator[Line]:
    """Yield what `requests` requests cost that each use `usage`."""
    many, assumed = Usage().plus(usage, requests), prices.assumed
    # with less memory goes less of a processor, so a call takes longer than on a whole one
    slower = assumed["full_processor_gb"] / assumed["memory_gb"]
    seconds = many.lambda_seconds * slower + many.waited_seconds
    seconds += many.lambda_request * assumed["cold_share"] * assumed["cold_seconds"]
    logged = many.lambda_request * assumed["log_bytes"]
    logged += many.api_request * assumed["access_log_bytes"]
    files = many.api_request * assumed["page_files"]
    stored = many.stored_bytes * assumed["item_months"] / GB
    yield Line("API Gateway", "api_request", many.api_request)
    yield Line("CloudFront", "front_request", many.api_request + files)
    yield Line("CloudFront", "front_function", files)
    sent = (many.out_bytes + files * assumed["page_bytes"]) / GB
    yield Line("CloudFront", "front_out", sent)
    yield Line("Lambda", "lambda_request", many.lambda_request)
    yield Line("Lambda", "lambda_second", seconds * assumed["memory_gb"])
    yield Line("DynamoDB: writes", "dynamodb_write", many.dynamodb_write)
    yield Line("DynamoDB: reads", "dynamodb_read", many.dynamodb_read)
    yield Line("DynamoDB: a year's reports kept", "table_month", stored)
    yield Line("DynamoDB: a year's reports kept", "recovery_month", stored)
    yield Line("SES", "mail", many.mail)
    yield Line("SQS", "sqs_request", many.sqs_request)
    yield Line("S3", "s3_put", many.s3_put)
    yield Line("S3", "s3_get", many.s3_get)
    yield Line("S3", "s3_month", many.s3_bytes * assumed["item_months"] / GB)
    yield Line("Scheduler", "scheduler_call", many.scheduler_call)
    yield Line("CloudWatch Logs", "logs", logged / GB)
    yield Line("X-Ray", "trace", many.api_request * assumed["traced"])
    yield Line("Secrets read", "secret_call", assumed["secret_calls"])
    yield Line("People who sign in", "person", assumed["people"])


def switched_on(requests: int, prices: Prices) -> Iterator[Line]:
    """Yield what parts that are off cost once they are asked for, with `requests` in a month."""
    assumed = prices.assumed
    waf, snap_start = "`WafRequests`: limits of requests", "`SnapStart`: starts from pictures"
    yield Line(waf, "web_acl", assumed["web_acls"])
    yield Line(waf, "web_rule", assumed["web_acls"])
    # both look at a request of the API that comes through CloudFront, one at a file of the pages
    looked_at = assumed["web_acls"] + assumed["page_files"]
    yield Line(waf, "web_request", looked_at * requests)
    yield Line(snap_start, "picture_month", assumed["pictures"] * assumed["memory_gb"])
    starts = requests * assumed["cold_share"]
    yield Line(snap_start, "picture_start", starts * assumed["memory_gb"])


def costs(lines: Iterable[Line], prices: Prices, *, free: bool) -> dict[str, float]:
    """Return dollars a month by part. With `free`, less what an account has free: of what several
    parts use, those named first have it."""
    left = dict(prices.free) if free else {}
    found: dict[str, float] = {}
    for line in lines:
        spared = min(line.amount, left.get(line.name, 0))
        left[line.name] = left.get(line.name, 0) - spared
        paid = (line.amount - spared) * prices.of(line.name)
        found[line.part] = found.get(line.part, 0) + paid
    return found


def idle(prices: Prices, *, free: bool = False) -> dict[str, float]:
    """Return the bill of a month without anyone."""
    return costs(always(prices), prices, free=free)


def bill(usage: Usage, requests: int, prices: Prices, *, free: bool = False) -> dict[str, float]:
    """Return dollars a month by part for `requests` requests that each use `usage`."""
    first = (Line(ALWAYS + each.part, each.name, each.amount) for each in always(prices))
    return costs([*first, *called(usage, requests, prices)], prices, free=free)


def main() -> int:
    """Count, write the page and show it."""
    from bench.costs_page import PAGE, page
    from bench.use_cases import count

    counted: Any = count()
    text = page(counted, read_prices(), PAGE.read_text())
    PAGE.write_text(text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
