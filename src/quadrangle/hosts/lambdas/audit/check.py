"""Checks the audit, daily and when somebody asks. It fails when something is wrong, which an alarm
watches; the log has a line for each problem.

What does not fit into the time of one call is gone on with in another, which the function asks for
itself: a check has an end however long the audit grows.
"""

import functools
from typing import Any

import msgspec
import structlog

from quadrangle.aws.audit.check import CheckPosition, DynamoAuditCheck
from quadrangle.aws.base.clients import client
from quadrangle.aws.base.errors import translated
from quadrangle.hosts.lambdas.audit.reaction import audit_key
from quadrangle.hosts.lambdas.base.start import started
from quadrangle.hosts.lambdas.services import RECORDING

log = structlog.get_logger(__name__)

# With a wrong key every record is one: the first tell enough.
MOST_LOGGED = 1000
MOST_TOLD = 20

HANDED_OVER_MS = 60_000  # before the end of a call; a hundred items take a second or two
MOST_PARTS = 100  # a day, of which the next check begins

parts = started("dynamodb", "secretsmanager")
key = functools.cache(lambda: audit_key(parts))
lambdas = functools.cache(lambda: client("lambda"))


class AuditBroken(Exception):
    """The audit is not what was written; the message says how many problems, and the first."""


class Part(msgspec.Struct, frozen=True):
    """One call of those that a check takes, counted from 1. `begun` is where it begins."""

    number: int = 1
    begun: CheckPosition | None = None


def handler(event: dict[str, Any], context: Any) -> dict[str, int | bool]:
    """Return how many records are in order, and whether the check goes on in another call.

    Raises AuditBroken, KeysUnusable, Unavailable.
    """
    part = msgspec.convert(event.get("part", {}), Part)
    check = DynamoAuditCheck(parts.dynamo, parts.tables, key(), parts.clock, RECORDING, part.begun)
    count, told = 0, []
    for problem in check.problems(lambda: context.get_remaining_time_in_millis() > HANDED_OVER_MS):
        count += 1
        if count <= MOST_LOGGED:
            log.error("audit problem", problem=problem)
        if count <= MOST_TOLD:
            told.append(problem)
    goes_on = check.position is not None
    if goes_on:
        _hand_over(context.function_name, Part(part.number + 1, check.position))
    if count:
        raise AuditBroken(f"{count} problem(s) found in the audit. {' '.join(told)}")
    text = "audit is in order so far" if goes_on else "audit is in order"
    log.info(text, records=check.records, part=part.number)
    return {"records": check.records, "goesOn": goes_on}


def _hand_over(function: str, part: Part) -> None:
    if part.number > MOST_PARTS:
        raise AuditBroken(f"The check of the audit did not end in {MOST_PARTS} parts.")
    payload = msgspec.json.encode({"part": part})
    with translated():
        lambdas().invoke(FunctionName=function, InvocationType="Event", Payload=payload)
