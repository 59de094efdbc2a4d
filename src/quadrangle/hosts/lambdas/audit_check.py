"""Checks the audit, daily and when somebody asks. It fails when something is wrong, which an alarm
watches; the log has a line for each problem.
"""

import functools

import structlog

from quadrangle.aws.audit_check import DynamoAuditCheck
from quadrangle.hosts.lambdas.audit import audit_key
from quadrangle.hosts.lambdas.start import started

log = structlog.get_logger(__name__)

# With a wrong key every record is one: the first tell enough.
MOST_LOGGED = 1000
MOST_TOLD = 20

parts = started("dynamodb", "secretsmanager")
key = functools.cache(lambda: audit_key(parts))


class AuditBroken(Exception):
    """The audit is not what was written; the message says how many problems, and the first."""


def handler(_: object, __: object) -> dict[str, int]:
    """Return how many records are in order. Raises AuditBroken, KeysUnusable, Unavailable."""
    check = DynamoAuditCheck(parts.dynamo, parts.tables, key(), parts.clock)
    count, told = 0, []
    for problem in check.problems():
        count += 1
        if count <= MOST_LOGGED:
            log.error("audit problem", problem=problem)
        if count <= MOST_TOLD:
            told.append(problem)
    if count:
        raise AuditBroken(f"{count} problem(s) found in the audit. {' '.join(told)}")
    log.info("audit is in order", records=check.records)
    return {"records": check.records}
