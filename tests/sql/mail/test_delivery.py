"""From the outbox to the mail server, with the real job engine and a clock that obeys."""

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from quadrangle.kernel.clock import ManualClock, from_text, to_text
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.jobs import Job, NewJob, RetryLater
from quadrangle.kernel.mail import Mail, MailDelayed, MailOver, MailRefused
from quadrangle.machine.mail.smtp import SmtpTransport
from quadrangle.mail.model import MailState, OutboxEntry
from quadrangle.mail.pace import LONGEST_WAIT_S, DeliveryPace
from quadrangle.mail.ports import NoTransport
from quadrangle.mail.reactions import DELIVER, MAIL_POLICY, MailDelivery
from quadrangle.sql.base.database import Database
from quadrangle.sql.jobs.jobs import SqlDeadLetters, SqlJobs
from quadrangle.sql.jobs.worker import Worker
from quadrangle.sql.mail.outbox import SqlOutbox
from tests.machine.mail.smtp_servers import Sink

QUEUED, KEPT, SENT, FAILED, OVER = MailState


class Server:
    """A transport that does as `behaviour` says with each mail."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Mail]] = []
        self.attempts = 0
        self.errors: list[Exception] = []  # raised one after another, then mails are taken
        self.always: Exception | None = None

    async def send(self, mail_id: str, mail: Mail) -> None:
        self.attempts += 1
        if self.always is not None:
            raise self.always
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append((mail_id, mail))


class Post:
    """An outbox with a worker that delivers it."""

    def __init__(self, database: Database, clock: ManualClock, transport) -> None:
        self.clock = clock
        self.outbox = SqlOutbox(database, clock)
        self.delivery = MailDelivery(self.outbox, transport, clock)
        self.dead_letters = SqlDeadLetters(database, clock)
        self.worker = Worker(
            database, {DELIVER: self.delivery.deliver}, clock, policy={DELIVER: MAIL_POLICY}
        )

    async def write(self, to="ada@campus.example") -> str:
        await self.outbox.enqueue(Mail(new_id(), to, "Hello", "Text", "<p>Text</p>"))
        return (await self.outbox.page(None, 1, None)).items[0].mail_id

    async def entry(self, mail_id: str) -> OutboxEntry:
        found = await self.outbox.get(mail_id)
        assert found is not None
        return found.entry

    async def work(self) -> None:
        await self.worker.run_due()

    async def wait_for_next_attempt(self, mail_id: str) -> timedelta:
        """Move the clock to the next attempt and let it happen; return the wait."""
        entry = await self.entry(mail_id)
        assert entry.next_attempt_at is not None
        wait = from_text(entry.next_attempt_at) - self.clock.now()
        self.clock.advance(wait + timedelta(milliseconds=1))
        await self.work()
        return wait


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def post(database, clock, server) -> Post:
    return Post(database, clock, server)


async def test_a_mail_is_sent_once(post, server):
    mail_id = await post.write()
    await post.work()
    await post.work()
    entry = await post.entry(mail_id)
    assert (entry.state, entry.attempts) == (SENT, 1)
    assert entry.sent_at == to_text(post.clock.now())
    assert [sent_id for sent_id, _ in server.sent] == [mail_id]
    await post.delivery.deliver(Job("1", DELIVER, {"mailId": mail_id}, 1, post.clock.now()))
    assert len(server.sent) == 1


async def test_a_job_whose_mail_is_gone_is_done(post, server):
    await post.delivery.deliver(Job("1", DELIVER, {"mailId": new_id()}, 1, post.clock.now()))
    assert server.attempts == 0


async def test_a_delayed_mail_is_tried_again_when_the_outbox_says_so(post, server):
    server.errors = [MailDelayed("451 Greylisted"), MailDelayed("451 Greylisted")]
    mail_id = await post.write()
    await post.work()
    entry = await post.entry(mail_id)
    assert (entry.state, entry.attempts, entry.last_error) == (QUEUED, 1, "451 Greylisted")
    wait = from_text(entry.next_attempt_at) - post.clock.now()
    assert timedelta(minutes=2) <= wait <= timedelta(minutes=4)
    post.clock.advance(wait - timedelta(seconds=1))
    await post.work()
    assert server.attempts == 1
    post.clock.advance(timedelta(seconds=2))
    await post.work()
    assert server.attempts == 2
    await post.wait_for_next_attempt(mail_id)
    assert (await post.entry(mail_id)).state is SENT


async def test_a_mail_nobody_takes_fails_after_about_a_day_and_only_in_the_outbox(post, server):
    server.always = MailDelayed("The server is away.")
    mail_id = await post.write()
    await post.work()
    waited = timedelta()
    while (await post.entry(mail_id)).state is QUEUED:
        waited += await post.wait_for_next_attempt(mail_id)
    entry = await post.entry(mail_id)
    assert (entry.state, entry.attempts) == (FAILED, MAIL_POLICY.max_attempts)
    assert (entry.last_error, entry.next_attempt_at) == ("The server is away.", None)
    assert timedelta(hours=12) <= waited <= timedelta(hours=25)
    assert await post.dead_letters.count() == 0
    post.clock.advance(timedelta(days=2))
    await post.work()
    assert server.attempts == MAIL_POLICY.max_attempts


async def test_a_refused_mail_fails_at_once_and_only_in_the_outbox(post, server):
    server.errors = [MailRefused("550 No such user")]
    refused, other = await post.write(), await post.write()
    await post.work()
    states = {mail_id: (await post.entry(mail_id)).state for mail_id in (refused, other)}
    assert sorted(states.values()) == [FAILED, SENT]
    assert await post.dead_letters.count() == 0
    post.clock.advance(timedelta(days=2))
    await post.work()
    assert server.attempts == 2


async def test_a_resent_mail_has_all_its_attempts_again(post, server):
    server.always = MailDelayed("away")
    mail_id = await post.write()
    await post.work()
    while (await post.entry(mail_id)).state is QUEUED:
        await post.wait_for_next_attempt(mail_id)
    await post.outbox.requeue(mail_id, post.clock.now())
    await post.work()
    entry = await post.entry(mail_id)
    assert (entry.state, entry.attempts) == (QUEUED, 1)
    server.always = None
    await post.wait_for_next_attempt(mail_id)
    assert (await post.entry(mail_id)).state is SENT


async def test_without_a_server_mails_are_kept_until_staff_resends_them(database, clock, server):
    post = Post(database, clock, NoTransport())
    mail_id = await post.write()
    await post.work()
    assert (await post.entry(mail_id)).state is KEPT
    later = Post(database, clock, server)  # a server has been set
    await later.work()
    assert (await later.entry(mail_id)).state is KEPT
    await later.outbox.requeue(mail_id, clock.now())
    await later.work()
    assert (await later.entry(mail_id)).state is SENT


async def test_a_fault_of_the_transport_loses_no_mail(post, server):
    server.errors = [RuntimeError("smtp://user:hush@mail broke")]
    mail_id = await post.write()
    await post.work()
    entry = await post.entry(mail_id)
    assert entry.state is QUEUED
    assert entry.last_error == "RuntimeError: smtp://user:***@mail broke"
    await post.wait_for_next_attempt(mail_id)
    assert (await post.entry(mail_id)).state is SENT


async def test_mails_arrive_at_a_real_server_each_once(database, clock):
    sink = Sink()
    async with sink.running() as url:
        sink.refuse_recipient = lambda to: "550 No such user" if to.startswith("7@") else None
        transport = SmtpTransport(url, "mail@campus.example")
        post = Post(database, clock, transport)
        for number in range(40):
            await post.write(to=f"{number}@campus.example")
        await post.work()
        while (await post.outbox.counts())[QUEUED]:  # those sent away for want of a place
            clock.advance(timedelta(seconds=LONGEST_WAIT_S))
            await post.work()
        await transport.close()
    assert await post.outbox.counts() == {QUEUED: 0, KEPT: 0, SENT: 39, FAILED: 1, OVER: 0}
    arrived = [recipient for taken in sink.taken for recipient in taken.recipients]
    assert len(arrived) == len(set(arrived)) == 39
    (failed,) = (await post.outbox.page(FAILED, 10, None)).items
    assert failed.to == "7@campus.example"


# -- a slow server ----------------------------------------------------------------------------


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_a_silent_server_takes_only_some_of_the_workers_places(database, clock):
    leave, ran = asyncio.Event(), asyncio.Event()

    class Silent:
        async def send(self, mail_id: str, mail: Mail) -> None:
            await leave.wait()

    async def other(job: Job) -> None:
        ran.set()

    post = Post(database, clock, Silent())
    for _ in range(40):
        await post.write()
    worker = Worker(database, {DELIVER: post.delivery.deliver, "other": other}, clock)
    await SqlJobs(database, clock).put(NewJob("other", {}))
    stop = asyncio.Event()
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(worker.run(stop))
        await ran.wait()
        leave.set()
        stop.set()


async def test_a_mail_without_a_place_is_postponed_without_counting_as_an_attempt():
    pace = DeliveryPace(at_once=1, monotonic=Seconds())
    async with pace.turn():
        with pytest.raises(RetryLater):
            async with pace.turn():
                raise AssertionError("there was no place")
    async with pace.turn():
        pass


async def test_postponed_mails_come_back_one_after_another_at_the_servers_speed():
    seconds = Seconds()
    pace = DeliveryPace(at_once=2, monotonic=seconds)
    for _ in range(30):  # until it has learnt that a mail takes 4 s
        async with pace.turn():
            seconds.now += 4
    waits = []
    async with pace.turn(), pace.turn():
        for _ in range(40):
            with pytest.raises(RetryLater) as caught:
                async with pace.turn():
                    pass
            waits.append(caught.value.delay.total_seconds())
    steps = [after - before for before, after in pairwise(waits[:21])]
    assert steps == pytest.approx([2.0] * 20, rel=0.01)
    assert max(waits) == LONGEST_WAIT_S


async def test_a_mail_that_is_over_is_left_out_with_the_reason(database, clock, server):
    class Over:
        async def reviewed(self, mail: Mail, written: datetime) -> Mail:
            raise MailOver("The invitation was accepted meanwhile.")

    post = Post(database, clock, server)
    mail_id = await post.write()
    delivery = MailDelivery(post.outbox, server, clock, reviews=(Over(),))
    await delivery.deliver(Job("1", DELIVER, {"mailId": mail_id}, 1, clock.now()))
    entry = await post.entry(mail_id)
    assert (entry.state, entry.last_error) == (
        OVER,
        "Not sent. The invitation was accepted meanwhile.",
    )
    assert server.attempts == 0
