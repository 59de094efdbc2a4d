"""What is due at once does not wait for the scheduler, which is precise to a minute."""

from datetime import timedelta
from typing import Any

import pytest

from quadrangle.aws.meetings.prompt_jobs import PromptJobs
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.jobs import NewJob


class Waiting:
    """Stands in for AwsJobs: what was put, and what was cancelled, in order."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str | None]] = []

    async def put(self, *jobs: NewJob) -> None:
        self.done += [("put", job.name) for job in jobs]

    async def cancel(self, name: str) -> bool:
        self.done.append(("cancel", name))
        return True


@pytest.fixture
def waiting() -> Waiting:
    return Waiting()


@pytest.fixture
def jobs(waiting: Any, clock: ManualClock) -> PromptJobs:
    return PromptJobs(waiting, clock)


@pytest.mark.parametrize("seconds", [None, -3600, 0, 60])
async def test_what_is_due_goes_to_its_queue_and_ends_its_schedule(
    jobs: PromptJobs, waiting: Waiting, clock: ManualClock, seconds: int | None
):
    at = None if seconds is None else clock.now() + timedelta(seconds=seconds)
    await jobs.put(NewJob("meetings.launch", {}, at, "launch-1"))
    # without a name it goes straight to the queue
    assert waiting.done == [("put", None), ("cancel", "launch-1")]


async def test_what_is_due_later_is_a_schedule_of_its_name(
    jobs: PromptJobs, waiting: Waiting, clock: ManualClock
):
    await jobs.put(NewJob("meetings.launch", {}, clock.now() + timedelta(seconds=61), "launch-1"))
    assert waiting.done == [("put", "launch-1")]
