"""Jobs that wait while a release is replaced: rows of the job engine, and messages of queues."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from quadrangle.aws.jobs.job_runner import JobRunner, Route
from quadrangle.aws.jobs.queues import Queues
from quadrangle.kernel.change import Change, Reaction, function_of, handler_of
from quadrangle.kernel.clock import ManualClock
from quadrangle.sql.base.database import Database
from quadrangle.sql.base.instants import to_ms
from quadrangle.sql.jobs.jobs import SqlDeadLetters
from quadrangle.sql.jobs.worker import Worker
from tests.aws.base.fake_sqs import FakeSqs
from tests.old_records.base.samples import ADMIN_ID, AT, NOW

SUBJECT = "5d0c1f0e-6f0f-4f5b-9a1e-3b7a2a9c1e02"
CHANGE = Change("issue.replied", SUBJECT, {"by": "staff"}, "Ada Admin", AT, ADMIN_ID, None, 41)
# As the first release wrote it; without what was None, as one before it might have.
WRITTEN = {
    "kind": "issue.replied",
    "subject": SUBJECT,
    "data": {"by": "staff"},
    "actor": "Ada Admin",
    "at": AT,
    "actor_id": ADMIN_ID,
    "origin": None,
    "seq": 41,
}
FEWER = {name: value for name, value in WRITTEN.items() if value is not None}
FUNCTION = "reaction:issues.mail-reply"


class Heard:
    """A reaction that notes what it is called with."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.reaction = Reaction("issues.mail-reply", None, self._note)
        self.handlers = {function_of(self.reaction): handler_of(self.reaction)}

    async def _note(self, change: Change) -> None:
        self.changes.append(change)


@pytest.mark.parametrize("payload", [WRITTEN, FEWER])
async def test_a_row_of_the_job_engine(
    database: Database, clock: ManualClock, payload: dict[str, Any]
):
    heard, written = Heard(), json.dumps(payload)
    ready = (FUNCTION, written, "ready", to_ms(NOW), 0, None, None)
    dead = ("mail.send", '{"mailId": "1"}', "dead", to_ms(NOW), 8, "It is away.", to_ms(NOW))
    await database.write(insert_rows(ready, dead))
    assert await Worker(database, heard.handlers, clock).run_due() == 1
    assert heard.changes == [CHANGE]
    (letter,) = (await SqlDeadLetters(database, clock).list(9, None)).items
    told = (letter.function, letter.payload, letter.attempts, letter.last_error, letter.failed_at)
    assert told == ("mail.send", {"mailId": "1"}, 8, "It is away.", NOW)


def insert_rows(*rows: tuple[Any, ...]) -> Callable[[Any], None]:
    names = ("function", "payload", "state", "run_at", "attempts", "last_error", "failed_at")

    def work(connection: Any) -> None:
        mark = "?" if connection.dialect.name == "sqlite" else "%s"
        marks = ", ".join([mark] * len(names))
        statement = f"INSERT INTO jobs ({', '.join(names)}) VALUES ({marks})"
        for row in rows:
            connection.exec_driver_sql(statement, row)

    return work


@pytest.mark.parametrize("payload", [WRITTEN, FEWER])
@pytest.mark.parametrize("more", [{}, {"name": "mail:1", "spent": 2}])
async def test_a_message_of_a_queue(
    clock: ManualClock, payload: dict[str, Any], more: dict[str, Any]
):
    heard, sqs = Heard(), FakeSqs()
    body = json.dumps({"function": FUNCTION, "payload": payload, "runAt": AT, **more})
    route, waits = Route("jobs", "dead"), nobody_waits()
    runner = JobRunner(Queues(sqs), route, heard.handlers, waits, clock, never_begun)
    assert await runner.handle({"Records": [received(body)]}) == {"batchItemFailures": []}
    assert heard.changes == [CHANGE]
    assert sqs.sent == []


def nobody_waits() -> Callable[[str], Awaitable[bool]]:
    async def waits(_: str) -> bool:
        return False

    return waits


def never_begun(_: str) -> int:
    raise AssertionError("What is handed out the first time needs no count.")


def received(body: str) -> dict[str, Any]:
    attributes = {
        "ApproximateReceiveCount": "1",
        "ApproximateFirstReceiveTimestamp": str(to_ms(NOW)),
    }
    return {"messageId": "m", "receiptHandle": "h", "body": body, "attributes": attributes}
