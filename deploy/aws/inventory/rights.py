"""How rights are said: `may("dynamodb", "GetItem PutItem", table("Issues"))`."""

from deploy.aws.inventory.model import Right

_HERE = "${AWS::Region}:${AWS::AccountId}"
_BUCKET = "arn:${AWS::Partition}:s3:::${Prefix}photos-${AWS::AccountId}"


def may(service: str, actions: str, *resources: str, why: str = "", condition: str = "") -> Right:
    """Return the right to some actions of a service, with spaces between, on resources."""
    named = tuple(f"{service}:{action}" for action in actions.split())
    return Right(named, resources, why, condition)


def ref(parameter: str) -> str:
    return f"!Ref {parameter}"


def attribute(name: str) -> str:
    """Return an attribute of a resource of the same template, e.g. `AuditTable.Arn`."""
    return f"!GetAtt {name}"


def _sub(text: str) -> str:
    return f'!Sub "{text}"'


def arn(service: str, resource: str) -> str:
    """Return a resource of this account and region; `${Prefix}` stands for the prefix."""
    return _sub(f"arn:${{AWS::Partition}}:{service}:{_HERE}:{resource}")


def table(name: str) -> str:
    return arn("dynamodb", f"table/${{Prefix}}{name}")


def indexes(table_name: str) -> str:
    """Return all indexes of a table."""
    return table(f"{table_name}/index/*")


def queue(name: str) -> str:
    return arn("sqs", f"${{Prefix}}{name}")


def schedules() -> str:
    return arn("scheduler", "schedule/${Prefix}jobs/*")


def bucket() -> str:
    """Return the private bucket, for listing it."""
    return _sub(_BUCKET)


def files(folder: str) -> str:
    """Return the files below a folder of the private bucket."""
    return _sub(f"{_BUCKET}/{folder}/*")


# Puts mails into the outbox, for the function that delivers them.
PUT_MAILS = (
    may("dynamodb", "GetItem BatchGetItem PutItem UpdateItem", table("Mails")),
    may("sqs", "SendMessage GetQueueUrl GetQueueAttributes", queue("mail")),
)
# Knows who asks, by account or API key.
KNOW_WHO_ASKS = (
    may("dynamodb", "GetItem Query", table("Accounts")),
    may(
        "dynamodb",
        "UpdateItem",
        table("Accounts"),
        why="that an API key was used, and how often this hour: no other items",
        condition='"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [api-keys, "usage#*"]}',
    ),
)
# Counts wrong tries of passwords, those of links too, so that guessing is slow.
COUNT_TRIES = (
    may("dynamodb", "BatchGetItem", table("Accounts")),
    may(
        "dynamodb",
        "PutItem DeleteItem ConditionCheckItem",
        table("Accounts"),
        why="tallies of wrong tries: no other items",
        condition='"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["tally#*"]}',
    ),
    may("dynamodb", "PutItem", table("Changes"), why="that somebody tried too often"),
)
