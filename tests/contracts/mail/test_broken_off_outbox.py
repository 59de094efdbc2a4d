"""Between writing a mail and queueing it: DynamoDB only, SQL does both at once."""

import pytest

from quadrangle.aws.mail.outbox import DynamoOutbox
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Conflict, Unavailable
from quadrangle.kernel.jobs import Jobs, NewJob
from tests.contracts.mail.letters import QUEUED, SENT, entries, letter, queued
from tests.contracts.mail.posts import DynamoPost
from tests.standin.server import StandIn


class BrokenJobs:
    """Jobs that cannot be put while `broken`."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self.broken = True

    async def put(self, *new: NewJob) -> None:
        if self.broken:
            raise Unavailable()
        await self._jobs.put(*new)

    async def cancel(self, name: str) -> bool:
        return await self._jobs.cancel(name)


@pytest.fixture
def dynamo_post(standin: StandIn, clock: ManualClock) -> DynamoPost:
    return DynamoPost(standin, clock)


def with_broken_jobs(post: DynamoPost, clock: ManualClock) -> tuple[DynamoOutbox, BrokenJobs]:
    jobs = BrokenJobs(post.jobs)
    return DynamoOutbox(post.dynamo, post.tables, jobs, clock), jobs


async def test_a_mail_saved_before_a_crash_is_queued_by_the_repeat(dynamo_post, clock):
    outbox, broken = with_broken_jobs(dynamo_post, clock)
    with pytest.raises(Unavailable):
        await outbox.enqueue(letter("a"), letter("b"))
    saved = await entries(outbox)
    assert len(saved) == 2
    assert await dynamo_post.waiting() == []
    broken.broken = False
    await outbox.enqueue(letter("a"), letter("b"))
    await outbox.enqueue(letter("a"), letter("b"))
    assert sorted(await dynamo_post.waiting()) == sorted(entry.mail_id for entry in saved)
    assert (await outbox.counts())[QUEUED] == 2


async def test_a_resend_that_broke_off_is_no_conflict(dynamo_post, clock):
    outbox, broken = with_broken_jobs(dynamo_post, clock)
    broken.broken = False
    mail_id = await queued(outbox)
    await outbox.mark_failed(mail_id, "550")
    await dynamo_post.run_jobs()
    broken.broken = True
    with pytest.raises(Unavailable):
        await outbox.requeue(mail_id, clock.now())
    broken.broken = False
    entry = await outbox.requeue(mail_id, clock.now())
    assert (entry.state, entry.attempts) == (QUEUED, 0)
    assert await dynamo_post.waiting() == [mail_id]
    with pytest.raises(Conflict):
        await outbox.requeue(mail_id, clock.now())


async def test_a_delivery_faster_than_the_mark_is_not_undone(dynamo_post, clock):
    class Eager(BrokenJobs):
        async def put(self, *new: NewJob) -> None:
            for job in new:
                await dynamo_post.outbox.mark_sent(job.payload["mailId"], clock.now())

    jobs = Eager(dynamo_post.jobs)
    outbox = DynamoOutbox(dynamo_post.dynamo, dynamo_post.tables, jobs, clock)
    await outbox.enqueue(letter("a"))
    (entry,) = await entries(outbox)
    assert (entry.state, entry.attempts) == (SENT, 1)
