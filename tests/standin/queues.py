"""Makes the queues and the schedule group of a template on the stand-in."""

import json
import secrets
from typing import Any

import msgspec

from quadrangle.aws.jobs.jobs import AwsJobs
from quadrangle.aws.jobs.queues import Queues
from quadrangle.aws.jobs.schedules import Schedules
from quadrangle.kernel.clock import Clock
from tests.standin.server import StandIn
from tests.standin.tables import template

# the stand-in's scheduler acts without asking what its role may do
ROLE = "arn:aws:iam::000000000000:role/scheduler"


class MailQueues(msgspec.Struct, frozen=True):
    """The queue of deliveries, its dead letters, and the group of schedules."""

    url: str
    dead_url: str
    group: str


def make_queues(standin: StandIn) -> MailQueues:
    """Make what deploy/aws/mail.yaml and shared.yaml describe, empty, under a name of its own."""
    prefix = f"t{secrets.token_hex(4)}-"
    sqs = standin.client("sqs")
    resources = template("mail")["Resources"]
    dead = template("shared")["Resources"]["DeadLetters"]["Properties"]
    dead_url = _make(sqs, dead, prefix, "")
    url = _make(sqs, resources["MailQueue"]["Properties"], prefix, Queues(sqs).arn(dead_url))
    group = resources["Schedules"]["Properties"]["Name"]["Sub"].replace("${Prefix}", prefix)
    standin.client("scheduler").create_schedule_group(Name=group)
    return MailQueues(url, dead_url, group)


def _make(sqs: Any, properties: dict[str, Any], prefix: str, dead_arn: str) -> str:
    attributes = {name: str(value) for name, value in properties.items() if name in _NUMBERS}
    if "RedrivePolicy" in properties:
        policy = {**properties["RedrivePolicy"], "deadLetterTargetArn": dead_arn}
        attributes["RedrivePolicy"] = json.dumps(policy)
    name = properties["QueueName"]["Sub"].replace("${Prefix}", prefix)
    return sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]


_NUMBERS = ("VisibilityTimeout", "MessageRetentionPeriod")


def make_jobs(standin: StandIn, made: MailQueues, clock: Clock, *functions: str) -> AwsJobs:
    """Return jobs whose functions all have the one queue."""
    schedules = Schedules(standin.client("scheduler"), made.group, ROLE)
    return AwsJobs(
        Queues(standin.client("sqs")), schedules, dict.fromkeys(functions, made.url), clock
    )


def as_event(received: list[dict[str, Any]]) -> dict[str, Any]:
    """Return messages, received with all attributes, as Lambda hands them to a function."""
    return {
        "Records": [
            {
                "messageId": each["MessageId"],
                "receiptHandle": each["ReceiptHandle"],
                "body": each["Body"],
                "attributes": each["Attributes"],
            }
            for each in received
        ]
    }
