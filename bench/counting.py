"""Counts what functions call and consume, by listening to botocore's clients.

Of time only what a processor worked is measured, so that it does not matter what else runs on this
machine. What a function waits for is added up from how long AWS takes for such a call, as assumed
in aws_prices.toml: both are paid for.
"""

from __future__ import annotations

import resource
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from bench.capacity import COUNTED_BYTES, Writes, item_size, read_units
from quadrangle.aws.base.clients import client
from quadrangle.aws.base.models import SERVICES

_S3_WRITES = {"PutObject", "ListObjectsV2", "CopyObject"}


class Usage(msgspec.Struct):
    """What something used. `lambda_seconds` are those of a whole processor of this machine,
    `waited_seconds` those in which a function waited for another service."""

    api_request: float = 0
    lambda_request: float = 0
    lambda_seconds: float = 0
    waited_seconds: float = 0
    dynamodb_write: float = 0
    dynamodb_read: float = 0
    sqs_request: float = 0
    mail: float = 0
    s3_put: float = 0
    s3_get: float = 0
    scheduler_call: float = 0
    stored_bytes: float = 0
    s3_bytes: float = 0
    out_bytes: float = 0

    def plus(self, other: Usage, times: float = 1) -> Usage:
        """Return this and `times` the other together."""
        names = self.__struct_fields__
        return Usage(*(getattr(self, n) + times * getattr(other, n) for n in names))


class Meter:
    """Adds to `usage` what the clients of this process do."""

    def __init__(self, tables: dict[str, dict[str, Any]], waits: Mapping[str, float]) -> None:
        """`waits` are the milliseconds of a call by service, and of a transaction."""
        self.usage = Usage()
        self._waits = waits
        self._writes = Writes(tables)
        for service in SERVICES:
            events = client(service).meta.events
            events.register_first("before-parameter-build", _remember)
            events.register("after-call", self._count)

    def invoke(self, handler: Callable[[Any, Any], Any], event: Any) -> Any:
        """Call a function of Lambda."""
        began = _worked()
        answer = handler(event, None)
        self.usage.lambda_seconds += _worked() - began
        self.usage.lambda_request += 1
        return answer

    def _count(self, model: Any, context: dict[str, Any], parsed: Any, **_: Any) -> None:
        given, called = context["counted"], model.name
        kind = model.service_model.service_name
        kind = "transaction" if called == "TransactWriteItems" else kind
        self.usage.waited_seconds += self._waits[kind] / 1000
        match model.service_model.service_name:
            case "dynamodb":
                self._table_call(called, given, parsed)
            case "sqs":
                self.usage.sqs_request += 1
            case "sesv2":
                self.usage.mail += 1
            case "scheduler":
                self.usage.scheduler_call += 1
            case "s3" if called in _S3_WRITES:
                self.usage.s3_put += 1
                self.usage.s3_bytes += given["body_bytes"]
            case "s3" if called != "DeleteObject":
                self.usage.s3_get += 1

    def _table_call(self, called: str, given: Any, parsed: Any) -> None:
        match called:
            case "GetItem":
                self._read(item_size(parsed.get("Item", {})), given)
            case "BatchGetItem":
                for table, found in parsed["Responses"].items():
                    for item in found:
                        self._read(item_size(item), given["RequestItems"][table])
            case "Query":
                self._read(_size_read(parsed), given)
            case _:
                for kind, what, factor in _writes_of(called, given):
                    self._write(kind, what, factor)

    def _read(self, size: int, given: Any) -> None:
        consistent = given.get("ConsistentRead", False)
        self.usage.dynamodb_read += read_units(size, consistent=consistent)

    def _write(self, kind: str, what: Any, factor: int) -> None:
        if kind == "Put":
            before = self._writes.stored
            units = self._writes.put(what["TableName"], what["Item"], factor)
            self.usage.stored_bytes += self._writes.stored - before
        elif kind == "Delete":
            units = self._writes.delete(what["TableName"], what["Key"], factor)
        else:  # an update or a check of a small item, in no index
            units = factor
        self.usage.dynamodb_write += units


def _worked() -> float:
    """Return the seconds that processors worked for this process and its children that ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


def _remember(params: Any, context: dict[str, Any], **_: Any) -> None:
    body = params.get("Body", b"")
    context["counted"] = {**params, "body_bytes": len(body) if isinstance(body, bytes) else 0}


def _writes_of(called: str, given: Any) -> list[tuple[str, Any, int]]:
    """Return kind, arguments and how often it is paid of each write of a call."""
    match called:
        case "TransactWriteItems":
            return [(*_only(operation), 2) for operation in given["TransactItems"]]
        case "BatchWriteItem":
            return [
                (kind.removesuffix("Request"), {"TableName": table, **what}, 1)
                for table, requests in given["RequestItems"].items()
                for kind, what in map(_only, requests)
            ]
        case "PutItem" | "UpdateItem" | "DeleteItem":
            return [(called.removesuffix("Item"), given, 1)]
    raise ValueError(f"{called} is not counted yet")


def _only(pairs: dict[str, Any]) -> tuple[str, Any]:
    ((name, value),) = pairs.items()
    return name, value


def _size_read(parsed: Any) -> int:
    items, scanned = parsed.get("Items"), parsed["ScannedCount"]
    if not items:
        return scanned * COUNTED_BYTES
    mean = sum(item_size(item) for item in items) / len(items)
    return int(mean * scanned)
