"""The functions that run once a day, as containers of their own before the stand-in."""

import json
import os
import secrets
import subprocess
import sys
from typing import Any

import pytest

from quadrangle.accounts.tokens.key_rules import SIGNS
from quadrangle.accounts.tokens.signing_keys import encode_keys, first_keys
from quadrangle.aws.audit.items import record_key
from quadrangle.aws.audit.keeper import DynamoAuditKeeper
from quadrangle.aws.audit.tables import AUDIT
from quadrangle.aws.base.dynamo import Dynamo, put
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.changes import change_operations
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.hosts.lambdas.services import RECORDING
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import SystemClock, to_text
from tests.standin.server import REGION, StandIn
from tests.standin.tables import make_tables

KEY = "k" * 64
MOST_PARTS = 100  # calls that one check may take
PROGRAM = """
import json, os, sys
from importlib import import_module
answers = os.dup(1)
os.dup2(2, 1)
module = import_module("quadrangle.hosts.lambdas." + sys.argv[1])
told = []
class Context:
    function_name = sys.argv[1]
    def get_remaining_time_in_millis(self):
        return int(sys.argv[3])
for event in json.loads(sys.argv[2]):
    try:
        told.append(module.handler(event, Context()))
    except Exception as error:
        told.append([type(error).__name__, str(error)])
os.write(answers, json.dumps(told).encode())
"""


class Container:
    """A function with secrets and tables of its own."""

    def __init__(self, standin: StandIn) -> None:
        client = standin.client("dynamodb")
        self._secrets = standin.client("secretsmanager")
        self._name = secrets.token_hex(8)
        prefix = make_tables(client, "Audit", "Changes")
        self.dynamo, self.tables = Dynamo(client), Tables(prefix)
        self.log = ""
        self._environment = {
            "PATH": os.environ["PATH"],
            "AWS_ENDPOINT_URL": standin.url,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": standin.credentials[0],
            "AWS_SECRET_ACCESS_KEY": standin.credentials[1],
            "QUADRANGLE_PREFIX": prefix,
            "QUADRANGLE_SIGNING_KEYS": self._name,
            "QUADRANGLE_AUDIT_KEY": self._name,
        }

    def give(self, secret: str = "") -> None:
        """Make the secret, empty or with a value."""
        content = {"SecretString": secret} if secret else {}
        self._secrets.create_secret(Name=self._name, **content)

    def kids(self) -> list[str]:
        content = self._secrets.get_secret_value(SecretId=self._name)["SecretString"]
        return [key["kid"] for key in json.loads(content)["keys"]]

    def run(self, function: str, *events: dict[str, Any], left_ms: int = 900_000) -> list[Any]:
        """Call the function with events, each with so much time left; return its answers, or what
        it raised: name and text."""
        command = [sys.executable, "-c", PROGRAM, function, json.dumps(events), str(left_ms)]
        done = subprocess.run(command, env=self._environment, capture_output=True, check=False)
        self.log = done.stderr.decode()
        assert done.returncode == 0, self.log
        return json.loads(done.stdout)

    async def keep_one(self) -> None:
        at = to_text(SystemClock().now())
        change = Change("account.signed-in", "ann", {}, "Ann", at, "ann", seq=100)
        self.dynamo.transact(*change_operations(self.tables.of(CHANGES), [change], 1))
        await DynamoAuditKeeper(self.dynamo, self.tables, KEY.encode(), RECORDING).keep(change)


@pytest.fixture
def container(standin: StandIn) -> Container:
    return Container(standin)


async def test_an_audit_in_order_is_said_to_be(container: Container):
    container.give(KEY)
    await container.keep_one()
    assert container.run("audit.check", {}, {}) == [{"records": 1, "goesOn": False}] * 2
    assert "audit is in order" in container.log
    assert KEY not in container.log


async def test_a_check_of_too_many_parts_fails(container: Container):
    container.give(KEY)
    await container.keep_one()
    ((name, told),) = container.run("audit.check", {"part": {"number": MOST_PARTS}}, left_ms=1_000)
    assert name == "AuditBroken"
    assert told == f"The check of the audit did not end in {MOST_PARTS} parts."


async def test_a_check_that_cannot_go_on_says_so(container: Container):
    """There is no function of that name, and so nobody to hand over to."""
    container.give(KEY)
    await container.keep_one()
    ((name, _),) = container.run("audit.check", {}, left_ms=1_000)
    assert name == "Unavailable"
    assert "audit is in order" not in container.log


async def test_each_problem_has_a_line_and_the_function_fails(container: Container):
    container.give(KEY)
    await container.keep_one()
    first = container.dynamo.get(container.tables.of(AUDIT), record_key(1))
    assert first is not None
    container.dynamo.write(put(container.tables.of(AUDIT), {**first, "subject": "bo"}))
    ((name, told),) = container.run("audit.check", {})
    assert name == "AuditBroken"
    assert told.startswith("3 problem(s) found in the audit. Audit record 1 was changed,")
    lines = [json.loads(line) for line in container.log.splitlines() if line.startswith("{")]
    problems = [line["problem"] for line in lines if line["event"] == "audit problem"]
    assert len(problems) == 3
    assert {line["level"] for line in lines} == {"error"}
    assert told.endswith(" ".join(problems))


@pytest.mark.parametrize(("secret", "error"), [("short", "KeysUnusable"), (None, "Unavailable")])
async def test_without_its_key_nothing_is_said_to_be_in_order(
    container: Container, secret: str | None, error: str
):
    if secret is not None:
        container.give(secret)
    ((name, told),) = container.run("audit.check", {})
    assert name == error
    assert secret is None or secret not in told


def test_signing_keys_are_made_and_then_looked_after(container: Container):
    container.give()
    assert container.run("accounts.keys_rotate", {}, {}) == [{"rotated": False}] * 2
    (first,) = container.kids()
    assert container.run("accounts.keys_rotate", {"now": True}) == [{"rotated": True}]
    (second,) = container.kids()
    assert second != first
    # an event of the schedule asks for nothing of the kind
    assert container.run("accounts.keys_rotate", {"detail": {}, "now": "true"}) == [
        {"rotated": False}
    ]
    assert container.kids() == [second]


def test_a_key_that_has_had_its_time_gets_a_follower(container: Container):
    begun = SystemClock().now() - SIGNS
    container.give(encode_keys(first_keys(begun)).decode())
    (first,) = container.kids()
    assert container.run("accounts.keys_rotate", {}, {}) == [{"rotated": True}, {"rotated": False}]
    assert container.kids()[0] == first
    assert len(container.kids()) == 2


def test_keys_that_cannot_be_read_are_an_error(container: Container):
    container.give('{"keys": "none"}')
    ((name, _),) = container.run("accounts.keys_rotate", {})
    assert name == "KeysUnusable"
