"""The audit, its check, and the life of signing keys, through stream, queues and functions."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest

from tests.deployed.roles import without
from tests.deployed.stack import PREFIX, Stack
from tests.running import Campus, wait_for

AUDIT = f"{PREFIX}Audit"
DAY_S = 24 * 3600


class Readers:
    """What an administrator reads of the audit, and what checks it."""

    def __init__(self, campus: Campus, stack: Stack, token: str) -> None:
        self._campus, self._stack, self._token = campus, stack, token

    def of(self, subject: str) -> list[dict[str, Any]]:
        """Return the records of a subject, the newest first."""
        path = f"/api/accounts/audit?subject={subject}"
        answer = self._campus.call("GET", path, token=self._token)
        assert answer.status == 200, answer.body
        return answer.json["records"]

    def record(self, subject: str, kind: str) -> dict[str, Any]:
        """Wait for the record of what was done to a subject."""

        def found() -> dict[str, Any] | None:
            return next((each for each in self.of(subject) if each["kind"] == kind), None)

        return wait_for(found, f"the record of {kind}")

    def check(self) -> tuple[Any, str | None]:
        """Call what checks the audit; return its answer and what it failed with."""
        return invoked(self._stack, "audit-check")


def invoked(stack: Stack, function: str, **event: Any) -> tuple[Any, str | None]:
    client = stack.standin.client("lambda")
    answer = client.invoke(FunctionName=f"{PREFIX}{function}", Payload=json.dumps(event))
    found = json.loads(answer["Payload"].read())
    return found, found["errorMessage"] if "FunctionError" in answer else None


@pytest.fixture
def readers(campus: Campus, stack: Stack, staff: str) -> Readers:
    return Readers(campus, stack, staff)


@contextmanager
def altered(stack: Stack, seq: int, **values: str) -> Iterator[None]:
    """Change a record behind everyone's back, for a while."""
    client = stack.standin.client("dynamodb")
    key = {"key": {"S": "records"}, "part": {"S": f"{seq:012}"}}
    item = client.get_item(TableName=AUDIT, Key=key)["Item"]
    changed = {name: {"S": value} for name, value in values.items()}
    assert changed.keys() <= item.keys()
    client.put_item(TableName=AUDIT, Item={**item, **changed})
    try:
        yield
    finally:
        client.put_item(TableName=AUDIT, Item=item)


def test_signing_in_changing_a_role_and_moving_a_report_are_kept(
    campus: Campus, readers: Readers, staff: str
):
    bo = campus.hire(staff, f"bo-{uuid4().hex}@campus.example")
    token = campus.sign_in(bo["email"], bo["password"])
    path = f"/api/accounts/people/{bo['accountId']}"
    assert campus.call("PATCH", path, {"role": "teacher"}, token=staff).status == 200
    issue_id = campus.report(email=f"ann-{uuid4().hex}@campus.example")
    moved = {"issueId": issue_id, "status": "RESOLVED"}
    assert campus.call("PUT", "/update-status", moved, token=staff).status == 200
    assert token

    signed_in = readers.record(bo["accountId"], "account.signed-in")
    assert signed_in["actorId"] == bo["accountId"]
    assert signed_in["origin"] == "127.0.0.1"
    changed = readers.record(bo["accountId"], "account.changed")
    assert changed["details"] == {"field": "role", "old": "staff", "new": "teacher"}
    assert changed["actorId"] not in (None, bo["accountId"])
    resolved = readers.record(issue_id, "issue.status-changed")
    assert resolved["details"]["new"] == "RESOLVED"
    # the report itself was anyone's
    assert [each["kind"] for each in readers.of(issue_id)] == ["issue.status-changed"]


def test_each_of_many_acts_at_once_is_kept_once(
    campus: Campus, stack: Stack, readers: Readers, staff: str
):
    ids = [campus.report() for _ in range(30)]
    for issue_id in ids:
        moved = {"issueId": issue_id, "status": "IN_PROGRESS"}
        assert campus.call("PUT", "/update-status", moved, token=staff).status == 200
    for issue_id in ids:
        readers.record(issue_id, "issue.status-changed")
    time.sleep(1)  # for one that would come twice
    assert [len(readers.of(issue_id)) for issue_id in ids] == [1] * len(ids)
    assert readers.check()[1] is None
    (mapping,) = stack.standin.client("lambda").list_event_source_mappings(
        FunctionName=f"{PREFIX}accounts-audit"
    )["EventSourceMappings"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 2}


def test_what_somebody_changed_in_the_table_makes_the_check_fail(
    campus: Campus, stack: Stack, readers: Readers, staff: str
):
    bo = campus.hire(staff, f"bo-{uuid4().hex}@campus.example")
    record = readers.record(bo["accountId"], "account.created")
    answer, error = readers.check()
    assert error is None
    assert answer["records"] >= record["seq"]
    code, printed = stack.check_audit()
    assert code == 0
    assert "The audit is in order" in printed
    with altered(stack, record["seq"], at="2020-01-01T00:00:00.000Z"):
        _, error = readers.check()
        sentence = f"Audit record {record['seq']} was changed"
        assert error is not None
        assert sentence in error
        code, printed = stack.check_audit()
        assert code == 1
        assert sentence in printed
        assert f"/aws/lambda/{PREFIX}audit-check" in printed
    assert readers.check()[1] is None
    wait_for(lambda: sentence in logged(stack, "audit-check"), "the line in the log")


def test_a_check_longer_than_its_time_goes_on_in_other_calls(
    campus: Campus, stack: Stack, readers: Readers
):
    function, name = stack.standin.client("lambda"), f"{PREFIX}audit-check"
    for _ in range(110):  # more changes than one call looks at when it has no time
        campus.report()
    # of which each call leaves the last minute for handing over
    function.update_function_configuration(FunctionName=name, Timeout=60)
    try:
        answer, error = readers.check()
        assert (error, answer["goesOn"]) == (None, True)
        (last,) = wait_for(lambda: ends_of_parts(stack), "the last part")
    finally:
        function.update_function_configuration(FunctionName=name, Timeout=900)
    assert last["records"] >= answer["records"]


def ends_of_parts(stack: Stack) -> list[dict[str, Any]]:
    """Return what the log says of checks that came to their end in more than one part."""
    lines = [line for line in logged(stack, "audit-check").splitlines() if line.startswith("{")]
    found = [line for line in map(json.loads, lines) if line.get("event") == "audit is in order"]
    return [line for line in found if line["part"] > 1]


def logged(stack: Stack, function: str) -> str:
    client, group = stack.standin.client("logs"), f"/aws/lambda/{PREFIX}{function}"
    events = client.filter_log_events(logGroupName=group, filterPattern="")["events"]
    return "\n".join(each["message"] for each in events)


def test_without_the_right_to_write_a_record_waits_and_comes_later(
    campus: Campus, stack: Stack, readers: Readers, staff: str
):
    with without(stack, "accounts-audit", "dynamodb:PutItem", f":table/{AUDIT}"):
        bo = campus.hire(staff, f"bo-{uuid4().hex}@campus.example")
        refused = "job failed, will run again"
        wait_for(lambda: refused in logged(stack, "accounts-audit"), "it to be refused")
        assert readers.of(bo["accountId"]) == []
        # on its way for an hour: not missed yet
        assert readers.check()[1] is None
    readers.record(bo["accountId"], "account.created")


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("dynamodb:Query", f":table/{AUDIT}"),
        ("dynamodb:Scan", f":table/{PREFIX}Changes"),
    ],
)
def test_a_check_that_may_not_read_fails_and_says_nothing_is_in_order(
    stack: Stack, readers: Readers, action: str, resource: str
):
    with without(stack, "audit-check", action, resource):
        answer, error = readers.check()
    assert error is not None
    assert "records" not in answer
    assert readers.check()[1] is None


def test_signing_keys_are_replaced_in_time(campus: Campus, stack: Stack, staff: str):
    assert invoked(stack, "keys-rotate") == ({"rotated": False}, None)
    secrets, name = stack.standin.client("secretsmanager"), f"{PREFIX}SigningKeys"

    def keys() -> list[dict[str, Any]]:
        return json.loads(secrets.get_secret_value(SecretId=name)["SecretString"])["keys"]

    (first,) = keys()
    aged = {"keys": [{**first, "signsFrom": int(time.time()) - 90 * DAY_S}]}
    secrets.put_secret_value(SecretId=name, SecretString=json.dumps(aged))
    assert invoked(stack, "keys-rotate") == ({"rotated": True}, None)
    old, new = keys()
    assert old["kid"] == first["kid"]
    assert new["signsFrom"] == pytest.approx(time.time() + DAY_S, abs=600)
    assert invoked(stack, "keys-rotate") == ({"rotated": False}, None)
    # what the present key signed goes on to hold
    assert campus.call("GET", "/api/accounts/me", token=staff).status == 200


def test_keys_cannot_be_replaced_without_the_right(stack: Stack):
    secrets = stack.standin.client("secretsmanager")
    arn = secrets.describe_secret(SecretId=f"{PREFIX}SigningKeys")["ARN"]
    with without(stack, "keys-rotate", "secretsmanager:PutSecretValue", arn):
        _, error = invoked(stack, "keys-rotate")
    assert error is not None
    assert invoked(stack, "keys-rotate")[1] is None


def test_both_are_called_once_a_day(stack: Stack):
    rules = stack.standin.client("events").list_rules()["Rules"]
    ours = [rule for rule in rules if rule.get("ScheduleExpression", "").startswith("cron")]
    assert {rule["State"] for rule in ours} == {"ENABLED"}
    assert sorted(rule["ScheduleExpression"] for rule in ours) == [
        "cron(20 3 * * ? *)",
        "cron(40 2 * * ? *)",
    ]
