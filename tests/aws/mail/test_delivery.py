"""From the outbox through the queue to a transport, as the function of Lambda does it."""

from datetime import timedelta

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.jobs.begun import begun_in
from quadrangle.aws.jobs.job_runner import JobRunner, Route
from quadrangle.aws.jobs.queues import Queues
from quadrangle.aws.mail.outbox import DynamoOutbox
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.jobs import Job
from quadrangle.kernel.mail import Mail, MailDelayed
from quadrangle.mail.model import DELIVER, MailState
from quadrangle.mail.reactions import MAIL_POLICY, MailDelivery
from tests.aws.base.fake_sqs import FakeSqs
from tests.contracts.mail.posts import DynamoPost
from tests.standin.queues import as_event, make_jobs, make_queues
from tests.standin.server import StandIn
from tests.standin.tables import make_tables


class Server:
    """A transport that says "not now" so many times, then takes mails."""

    def __init__(self, delays: int) -> None:
        self.delays = delays
        self.sent: list[str] = []

    async def send(self, mail_id: str, mail: Mail) -> None:
        if self.delays:
            self.delays -= 1
            raise MailDelayed("Not now.")
        self.sent.append(mail_id)

    async def close(self) -> None:
        return


async def test_a_mail_is_tried_until_it_is_taken(standin: StandIn, clock: ManualClock):
    server = Server(delays=MAIL_POLICY.max_attempts - 1)
    await _deliver(standin, clock, server)
    assert len(server.sent) == 1


async def test_a_mail_that_is_never_taken_fails_in_the_outbox_only(standin, clock):
    entry = await _deliver(standin, clock, Server(delays=100))
    assert (entry.state, entry.attempts) == (MailState.FAILED, MAIL_POLICY.max_attempts)


async def test_a_mail_whose_text_is_gone_is_not_sent_as_nothing(standin, clock):
    """Its job was among the dead for longer than texts are kept, and is run again."""
    post, server = DynamoPost(standin, clock), Server(delays=0)
    await post.queue.enqueue(Mail("a", "ada@campus.example", "Hello", "Text", "<p>Text</p>"))
    (mail_id,) = await post.waiting()
    clock.advance(timedelta(days=91))
    job = Job("1", DELIVER, {"mailId": mail_id}, 1, clock.now())
    await MailDelivery(post.outbox, server, clock).deliver(job)
    (entry,) = (await post.outbox.page(None, 9, None)).items
    assert (entry.state, server.sent) == (MailState.FAILED, [])
    assert "no longer kept" in (entry.last_error or "")


async def _deliver(standin: StandIn, clock: ManualClock, server: Server):
    """Write a mail and run its job until the queue is empty; return the mail's entry."""
    client, made = standin.client("dynamodb"), make_queues(standin)
    jobs = make_jobs(standin, made, clock, DELIVER)
    tables = Tables(make_tables(client, "Mails", "Attempts"))
    outbox = DynamoOutbox(Dynamo(client), tables, jobs, clock)
    delivery = MailDelivery(outbox, server, clock)
    # copies go to a queue that is played here, as the waits between them are hours
    copies = FakeSqs()
    runner = JobRunner(
        Queues(copies),
        Route("jobs", "dead"),
        {DELIVER: delivery.deliver},
        jobs.waits,
        clock,
        begun_in(Dynamo(client), tables, clock),
        policy={DELIVER: MAIL_POLICY},
    )
    await outbox.enqueue(Mail(new_id(), "ada@campus.example", "Hello", "Text", "<p>Text</p>"))
    answer = standin.client("sqs").receive_message(
        QueueUrl=made.url, MessageSystemAttributeNames=["All"]
    )
    event = as_event(answer["Messages"])
    copied = 0
    for _ in range(100):
        stays = (await runner.handle(event))["batchItemFailures"]
        (record,) = event["Records"]
        if stays:
            attributes = record["attributes"]
            attributes["ApproximateReceiveCount"] = str(
                int(attributes["ApproximateReceiveCount"]) + 1
            )
            clock.advance(timedelta(seconds=copies.hidden[record["receiptHandle"]]))
        elif copies.sent:
            copy = copies.sent.pop()
            clock.advance(timedelta(seconds=copy["DelaySeconds"]))
            copied += 1
            record["messageId"] = f"copy-{copied}"
            record["body"] = copy["MessageBody"]
            record["attributes"] = {"ApproximateReceiveCount": "1"}
        else:
            break
    assert copies.to("dead") == []
    return (await outbox.page(None, 1, None)).items[0]
