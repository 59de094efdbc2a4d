"""Mail and operation: the outbox, deliveries, and the jobs that wait for a person."""

from deploy.aws.inventory.model import Http, Stack, Table, Worker
from deploy.aws.inventory.rights import (
    KNOW_WHO_ASKS,
    arn,
    attribute,
    indexes,
    may,
    ref,
    schedules,
    table,
)
from deploy.aws.inventory.settings import TOKENS, told

_SCHEDULES = {
    "SCHEDULE_GROUP": "!Ref Schedules",
    "SCHEDULER_ROLE": "!GetAtt SchedulerRole.Arn",
}

# SES asks for more than the sender's identity: a set that it names, and in its sandbox whom it goes
# to. What bounds it is the sender.
SEND_MAILS = may(
    "ses",
    "SendEmail SendRawEmail",
    *(arn("ses", "identity/*"), arn("ses", "configuration-set/*")),
    why="whatever SES asks for besides, as our sender",
    condition='StringLike: {"ses:FromAddress": [!Sub "*@${MailIdentity}", !Ref MailIdentity]}',
)

DELIVER = Worker(
    name="mail",
    id="Deliver",
    does="Hands mails to SES.",
    handler="operation.deliver",
    job="mail.send",
    queue_id="Mail",
    event="Mails",
    variables={**told("MailFrom"), **_SCHEDULES},
    rights=(
        may("dynamodb", "GetItem PutItem UpdateItem DeleteItem", table("Mails")),
        may("dynamodb", "GetItem", table("Settings"), why="what the campus is called"),
        SEND_MAILS,
        may("scheduler", "CreateSchedule UpdateSchedule GetSchedule", schedules()),
        may("iam", "PassRole", attribute("SchedulerRole.Arn")),
    ),
)

# It knows all queues, which the writer adds: to look for dead jobs, and to run them again.
OPERATION = Http(
    name="operation-http",
    does="Answers requests about the outbox and dead jobs.",
    handler="operation.http",
    package="http",
    paths=("/api/mail/{proxy+}", "/api/jobs/{proxy+}", "/api/health", "/api/health/live"),
    variables={**told("PublicUrl", "AdminEmail", "SigningKeys", *TOKENS, "Videos"), **_SCHEDULES},
    sees_all_queues=True,
    rights=(
        may("dynamodb", "GetItem BatchGetItem PutItem UpdateItem", table("Mails")),
        may("dynamodb", "Query", indexes("Mails")),
        may(
            "dynamodb",
            "PutItem",
            table("Changes"),
            why="what staff does with mails and dead jobs is noted for the audit",
        ),
        may("dynamodb", "GetItem", table("Settings")),
        *KNOW_WHO_ASKS,
        may("secretsmanager", "GetSecretValue", ref("SigningKeys")),
        may("scheduler", "GetSchedule", schedules()),
    ),
)

STACKS = (
    Stack(
        "mail",
        (DELIVER, OPERATION),
        (Table("Mails"),),
    ),
)
