"""What delivers mails may send them as SES asks for it, and only as our sender."""

import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from deploy.aws.inventory.mail import SEND_MAILS
from tests.standin.server import MISSING, PYTHON, REGION, StandIn
from tests.standin.tables import parsed
from tools.templates.roles import _statement

ACCOUNT = "000000000000"
Send = Callable[[str], Any]


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """A stand-in that enforces rights."""
    if not PYTHON.exists():
        pytest.skip(MISSING)
    running = StandIn(tmp_path_factory.mktemp("strict"), auth=True).start()
    yield running
    running.stop()


def put_in(value: Any, values: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [put_in(each, values) for each in value]
    if not isinstance(value, dict):
        return value
    if "Ref" in value:
        return values[value["Ref"]]
    if "Sub" in value:
        text = value["Sub"]
        for name, known in values.items():
            text = text.replace("${" + name + "}", known)
        return text
    return {key: put_in(each, values) for key, each in value.items()}


def sender_of(strict: StandIn, identity: str) -> Send:
    """Return what sends a mail from an address with the rights of the inventory alone."""
    values = {"AWS::Partition": "aws", "AWS::Region": REGION, "AWS::AccountId": ACCOUNT}
    statements = put_in(parsed(_statement(SEND_MAILS)), {**values, "MailIdentity": identity})
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam, name = strict.client("iam"), f"u{secrets.token_hex(4)}"
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="work", PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    as_function = StandIn.at(strict.url, strict._folder)
    as_function.credentials = (key["AccessKeyId"], key["SecretAccessKey"])
    strict.client("sesv2").create_email_identity(EmailIdentity=identity)
    client = as_function.client("sesv2")
    return lambda address: client.send_email(
        FromEmailAddress=address,
        Destination={"ToAddresses": ["mo@elsewhere.example"]},
        Content={"Raw": {"Data": b"Subject: Report\r\n\r\nSeen."}},
    )


@pytest.mark.parametrize("identity", ["campus.example", "mail@office.example"])
def test_mails_are_sent_as_our_sender_and_no_other(strict: StandIn, identity: str):
    send = sender_of(strict, identity)
    ours = identity if "@" in identity else f"mail@{identity}"
    assert send(ours)["MessageId"]
    for other in ("boss@elsewhere.example", f"mail@x{ours.partition('@')[2]}"):
        with pytest.raises(ClientError, match="not authorized"):
            send(other)
