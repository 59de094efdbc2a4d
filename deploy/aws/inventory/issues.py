"""Issues: the function that answers requests, those that react, and what takes in photos."""

from deploy.aws.inventory.model import Function, Http, Queue, Stack, Table, reaction, together
from deploy.aws.inventory.rights import (
    KNOW_WHO_ASKS,
    PUT_MAILS,
    attribute,
    bucket,
    files,
    indexes,
    may,
    ref,
    table,
)
from deploy.aws.inventory.settings import BUCKET, TOKENS, told

_LETTERS = told("PublicUrl", "AdminEmail", "TimeZone")
_PUTS = ("mail.send",)

HTTP_FUNCTION = Http(
    name="issues-http",
    does="Answers requests about issues.",
    handler="issues.http",
    package="http",
    paths=("/get-all-issues", "/api/config", "/api/issues/{proxy+}"),
    variables={
        **told("PublicUrl", "SigningKeys", *TOKENS, "FrontSecret", "RateLimits"),
        **told("Reporters", "CorsOrigins", "Videos", "TimeZone"),
        **BUCKET,
        **told("PhotoKeys", "PhotoKeyIds"),
    },
    rights=(
        may(
            "dynamodb",
            "GetItem BatchGetItem PutItem UpdateItem ConditionCheckItem",
            table("Issues"),
        ),
        may(
            "dynamodb",
            "Query",
            indexes("Issues"),
            table("IssueFigures"),
            table("IssueSearch"),
            table("Changes"),
        ),
        may("dynamodb", "GetItem Query PutItem DeleteItem", table("IssueParts")),
        may("dynamodb", "PutItem", table("Changes")),
        may("dynamodb", "GetItem PutItem UpdateItem", table("Settings")),
        *KNOW_WHO_ASKS,
        may("secretsmanager", "GetSecretValue", ref("SigningKeys"), ref("PhotoKeys")),
        may("s3", "ListBucket", bucket()),
        may("s3", "PutObject", files("incoming"), files("uploads"), files("exports")),
        may("s3", "GetObject", files("uploads"), files("exports")),
        may("s3", "DeleteObject", files("photos")),
    ),
)

_REACTING = (
    reaction(
        "issues.mail-report",
        "Confirms a report and alerts the administrator.",
        (may("dynamodb", "GetItem", table("Issues")), *PUT_MAILS),
        variables=_LETTERS,
        puts=_PUTS,
    ),
    reaction(
        "issues.mail-status",
        "Tells the reporter that the status changed, a minute later.",
        (
            may("dynamodb", "GetItem", table("Issues")),
            may("dynamodb", "Query", table("Changes")),
            *PUT_MAILS,
        ),
        variables=_LETTERS,
        puts=_PUTS,
    ),
    reaction(
        "issues.mail-assigned",
        "Tells who looks after a report, a minute later.",
        (
            may("dynamodb", "GetItem", table("Issues"), table("Accounts")),
            may("dynamodb", "Query", table("Changes")),
            *PUT_MAILS,
        ),
        variables=_LETTERS,
        puts=_PUTS,
    ),
    reaction(
        "issues.mail-reply",
        "Sends a public reply to the other side.",
        (
            may("dynamodb", "GetItem", table("Issues"), table("Accounts")),
            may("dynamodb", "Query", table("IssueParts")),
            *PUT_MAILS,
        ),
        variables=_LETTERS,
        puts=_PUTS,
    ),
    reaction(
        "issues.follow-original",
        "Gives duplicates the status of their original.",
        (
            may("dynamodb", "GetItem PutItem", table("Issues")),
            may("dynamodb", "Query", indexes("Issues")),
            may("dynamodb", "PutItem", table("Changes")),
            may("dynamodb", "GetItem", table("Settings")),
        ),
        variables=_LETTERS,
        puts=_PUTS,
    ),
    reaction(
        "issues.project",
        "Keeps counts and search words.",
        (
            may("dynamodb", "GetItem", table("Issues")),
            may("dynamodb", "GetItem PutItem UpdateItem", table("IssueFigures")),
            may("dynamodb", "BatchGetItem BatchWriteItem", table("IssueSearch")),
        ),
        variables=_LETTERS,
        puts=_PUTS,
        # a batch moves the same few sums, once each: more at once only wait for each other
        at_once=2,
    ),
    reaction(
        "issues.release",
        "Takes their open issues from who is no staff any more, and tells staff.",
        (
            may("dynamodb", "GetItem", table("Accounts")),
            may("dynamodb", "GetItem PutItem", table("Issues")),
            may("dynamodb", "Query", indexes("Issues")),
            may("dynamodb", "PutItem", table("Changes")),
            may("dynamodb", "GetItem", table("Settings")),
            *PUT_MAILS,
        ),
        variables=_LETTERS,
        puts=_PUTS,
    ),
)

# None of them may more than read accounts and change issues, and each is short.
REACT = together(
    "issues-react",
    "Reacts to changes of issues: writes their mails, keeps counts and search words, has duplicates"
    " follow, and takes issues from who is no staff any more.",
    *_REACTING,
)
# It reads whole tables and deletes: with others of its kind in accounts.py, apart from the rest.
FORGET = reaction(
    "issues.forget-member",
    "Takes the name of a closed account from what it wrote and did, and its reports from it.",
    (
        may(
            "dynamodb",
            "Scan Query BatchWriteItem",
            table("IssueParts"),
            table("Changes"),
        ),
        may("dynamodb", "GetItem BatchGetItem PutItem", table("Issues")),
        may("dynamodb", "DeleteItem", table("IssueParts")),
        may("dynamodb", "PutItem", table("Changes")),
        may("dynamodb", "GetItem", table("Accounts")),
    ),
    variables=_LETTERS,
    at_once=2,
)

PHOTOS_DEAD = Queue("PhotosDeadLetters", "photos-dead")
PHOTOS = Function(
    name="photos",
    does="Takes in the photos that browsers have sent.",
    handler="issues.photos",
    package="photos",
    timeout=120,
    memory="2048",
    retries=2,
    on_failure=PHOTOS_DEAD,
    variables=BUCKET,
    rights=(
        may("dynamodb", "GetItem PutItem", table("Issues")),
        may("dynamodb", "Query PutItem DeleteItem", table("IssueParts")),
        may("dynamodb", "PutItem", table("Changes")),
        may("s3", "ListBucket", bucket()),
        may("s3", "GetObject", files("incoming"), files("uploads")),
        may("s3", "PutObject", files("uploads"), files("photos")),
        may("s3", "DeleteObject", files("incoming"), files("photos")),
        may("sqs", "SendMessage", attribute(f"{PHOTOS_DEAD.id}.Arn")),
    ),
)

STACKS = (
    Stack(
        "issues",
        (HTTP_FUNCTION, REACT),
        (Table("Issues"), Table("IssueParts"), Table("IssueFigures"), Table("IssueSearch")),
    ),
    Stack("photos", (PHOTOS,)),
)
