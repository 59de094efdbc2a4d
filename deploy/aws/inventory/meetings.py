"""Meetings: requests about them, what reacts to them, and what launches and ends desktops."""

from deploy.aws.inventory.desktops import (
    ANSWER_BROWSERS,
    ANSWER_MACHINES,
    CARRY_FILES,
    MAKE_DESKTOPS,
)
from deploy.aws.inventory.model import Http, Reaction, Stack, Table, Worker
from deploy.aws.inventory.rights import (
    KNOW_WHO_ASKS,
    PUT_MAILS,
    attribute,
    indexes,
    may,
    queue,
    ref,
    schedules,
    table,
)
from deploy.aws.inventory.settings import TOKENS, told

_KEY = {"MEETING_KEYS": "!GetAtt MeetingKeys.Id"}
_READ_KEY = may("secretsmanager", "GetSecretValue", attribute("MeetingKeys.Id"))
_PLACES = told("PublicUrl", "MeetingOrigins", "MeetingLinks", "JitsiDomain")
_WRITE = "GetItem BatchGetItem Query PutItem UpdateItem DeleteItem"
_MEETINGS = (
    may("dynamodb", _WRITE, table("Meetings")),
    may("dynamodb", "Query", indexes("Meetings")),
    may("dynamodb", "PutItem", table("Changes")),
)
_SCHEDULES = {
    "SCHEDULE_GROUP": '!Sub "${Prefix}jobs"',
    "SCHEDULER_ROLE": "!GetAtt MeetingSchedulerRole.Arn",
}
_DESKTOPS = told("Desktops")
_LOOKS = ("meetings.settle", "meetings.launch", "meetings.safety-net")

HTTP_FUNCTION = Http(
    name="meetings-http",
    does="Answers requests about meetings.",
    handler="meetings.http",
    package="meetings",
    paths=("/schedule", "/join/{proxy+}", "/api/meetings", "/api/meetings/{proxy+}"),
    variables={
        **_PLACES,
        **told("SigningKeys", *TOKENS, "FrontSecret", "RateLimits", "CorsOrigins"),
        **told("MailFrom", "MeetingSchedulers", "StunServers", "TurnServers", "JitsiAppId"),
        **told("RoomSecrets"),
        **_KEY,
        **_DESKTOPS,
    },
    rights=(
        *_MEETINGS,
        *ANSWER_MACHINES,
        *ANSWER_BROWSERS,
        *KNOW_WHO_ASKS,
        may("dynamodb", "Query", table("Changes"), why="which machines were reaped"),
        may("secretsmanager", "GetSecretValue", ref("SigningKeys"), attribute("MeetingKeys.Id")),
        may("secretsmanager", "GetSecretValue", ref("RoomSecretArn")),
    ),
)

# One function for all: each is short, and a campus has few of them.
REACTING = Reaction(
    name="meetings-react",
    does="Keeps schedules as meetings need them, and writes their mails and reminders.",
    handler="meetings.react",
    job="meetings.mail",
    also=(
        *("meetings.follow-times", "meetings.learn-launch", "meetings.forget-member"),
        *("meetings.forget-hours", "meetings.remind", "meetings.forget-choice"),
        "meetings.follow-name",
    ),
    puts=("mail.send", *_LOOKS),
    event="Changes",
    variables={**_PLACES, **told("MailFrom", "AdminEmail"), **_KEY, **_SCHEDULES},
    rights=(
        *_MEETINGS,
        may("dynamodb", "GetItem", table("Accounts")),
        *PUT_MAILS,
        _READ_KEY,
        may("sqs", "SendMessage GetQueueAttributes", queue("meetings-reconcile")),
        may("scheduler", "CreateSchedule UpdateSchedule DeleteSchedule GetSchedule", schedules()),
        may("iam", "PassRole", attribute("MeetingSchedulerRole.Arn")),
    ),
)

# A large file takes its time, so what people wait for goes by another queue.
FILES = Reaction(
    name="meetings-files",
    does="Puts files that are handed out where desktops fetch them, and packs what is taken home.",
    handler="meetings.files",
    job="meetings.deliver-files",
    also=(
        *("meetings.clear-files", "meetings.pack-at-end", "meetings.carry-over"),
        *("meetings.deliver", "meetings.pack", "meetings.carry", "meetings.keep-house"),
    ),
    event="Changes",
    at_once=2,
    batch=1,
    only_with="HasDesktops",
    variables={**told("PublicUrl"), **_KEY, **_DESKTOPS},
    rights=(*_MEETINGS, *CARRY_FILES, _READ_KEY),
)

# More than two at once would only meet at the same meetings.
RECONCILE = Worker(
    name="meetings-reconcile",
    does="Launches and ends desktops, and asks whether they are well: it alone.",
    handler="meetings.reconcile",
    package="desktops",
    job="meetings.settle",
    also=("meetings.launch", "meetings.safety-net", "meetings.sweep", "meetings.machine"),
    at_once=2,
    batch=1,
    variables={**told("PublicUrl"), **_KEY, **_DESKTOPS, **_SCHEDULES},
    rights=(
        *_MEETINGS,
        *MAKE_DESKTOPS,
        _READ_KEY,
        may("scheduler", "CreateSchedule UpdateSchedule GetSchedule", schedules()),
        may("iam", "PassRole", attribute("MeetingSchedulerRole.Arn")),
    ),
)

STACKS = (
    Stack(
        "meetings",
        (HTTP_FUNCTION, REACTING, FILES, RECONCILE),
        (Table("Meetings"),),
    ),
)
