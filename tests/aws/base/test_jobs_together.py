"""Jobs of one batch that are done at once, and what is left to be run alone."""

from collections.abc import Sequence
from typing import Any

import pytest

from quadrangle.aws.jobs.job_runner import JobRunner, Route
from quadrangle.aws.jobs.messages import Message, encode
from quadrangle.aws.jobs.queues import Queues
from quadrangle.kernel.clock import ManualClock, to_text
from quadrangle.kernel.jobs import Job, RetryPolicy
from tests.aws.base.fake_sqs import FakeSqs, message_in


class Bench:
    """A runner that counts numbers: several at once, or one. It cannot count `bad`."""

    def __init__(self, clock: ManualClock) -> None:
        self.sqs = FakeSqs()
        self.together: list[list[int]] = []
        self.alone: list[int] = []
        self.bad: int | None = None
        self._clock = clock
        self._runner = JobRunner(
            Queues(self.sqs, sleep=lambda _: None),
            Route("jobs", "dead"),
            {"count": self._count, "other": self._count},
            self._waits,
            clock,
            lambda _: 1,
            policy=RetryPolicy(max_attempts=3, first_delay_s=1),
            together={"count": self._count_all},
        )

    async def _count_all(self, jobs: Sequence[Job]) -> None:
        numbers = [job.payload["n"] for job in jobs]
        if self.bad in numbers:
            raise ValueError("bad")
        self.together.append(numbers)

    async def _count(self, job: Job) -> None:
        if job.payload["n"] == self.bad:
            raise ValueError("bad")
        self.alone.append(job.payload["n"])

    async def _waits(self, _: str) -> bool:
        return False

    async def run(self, *records: dict[str, Any]) -> None:
        answer = await self._runner.handle({"Records": records})
        assert answer == {"batchItemFailures": []}

    def record(self, n: int, function: str = "count", receives: int = 1, **fields: Any):
        message = Message(function, {"n": n}, to_text(self._clock.now()), **fields)
        attributes = {"ApproximateReceiveCount": str(receives)}
        head = {"messageId": str(n), "receiptHandle": "h", "attributes": attributes}
        return {**head, "body": encode(message)}


@pytest.fixture
def bench(clock: ManualClock) -> Bench:
    return Bench(clock)


async def test_what_came_in_one_batch_is_done_at_once(bench: Bench):
    await bench.run(bench.record(1), bench.record(2), bench.record(3))
    assert (bench.together, bench.alone, bench.sqs.sent) == ([[1, 2, 3]], [], [])


async def test_one_is_run_as_ever(bench: Bench):
    await bench.run(bench.record(1), bench.record(2, "other"))
    assert (bench.together, bench.alone) == ([], [1, 2])


async def test_one_that_cannot_be_done_keeps_no_other_from_it(bench: Bench):
    bench.bad = 2
    await bench.run(bench.record(1), bench.record(2), bench.record(3))
    assert (bench.together, bench.alone) == ([], [1, 3])
    (copy,) = bench.sqs.to("jobs")
    assert (message_in(copy).payload, message_in(copy).spent) == ({"n": 2}, 1)


async def test_what_failed_or_broke_off_before_is_run_alone(bench: Bench):
    """It may be what ended the container of all."""
    again, failed = bench.record(1, receives=2), bench.record(2, spent=1)
    await bench.run(again, failed, bench.record(3), bench.record(4))
    assert bench.together == [[3, 4]]
    assert bench.alone == [2, 1], "what may end the container comes last"
