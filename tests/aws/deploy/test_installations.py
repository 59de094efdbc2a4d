"""Deploying and taking away with several installations in an account: none touches another."""

import io
import json
import secrets
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from quadrangle.kernel.clock import SystemClock, to_text
from tests.aws.videos.studio import clients_of
from tests.standin.server import REGION, StandIn
from tools import aws_removal, aws_stack, deploy_aws, gateway_logs

KEPT = {
    "Table": {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "TableName": {"Fn::Sub": "${Prefix}Reports"},
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "DeletionProtectionEnabled": True,
        },
    },
    "Keys": {
        "Type": "AWS::SecretsManager::Secret",
        "DeletionPolicy": "RetainExceptOnCreate",
        "Properties": {"Name": {"Fn::Sub": "${Prefix}SigningKeys"}},
    },
    "Api": {
        "Type": "AWS::ApiGateway::RestApi",
        "Properties": {"Name": {"Fn::Sub": "${Prefix}api"}},
    },
    "Bucket": {
        "Type": "AWS::S3::Bucket",
        "Properties": {"BucketName": {"Fn::Sub": "${Prefix}photos"}},
    },
}
PREFIX_ONLY = {"Prefix": {"Type": "String"}}


class Account:
    """An account with installations, each with a nested stack of what it keeps."""

    def __init__(self, standin: StandIn) -> None:
        self.prefix = f"t{secrets.token_hex(4)}-"
        self.stacks = standin.client("cloudformation")
        self.tables, self.s3 = standin.client("dynamodb"), standin.client("s3")
        self._templates = f"{self.prefix}uploads"
        self.s3.create_bucket(
            Bucket=self._templates, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        nested = json.dumps({"Parameters": PREFIX_ONLY, "Resources": KEPT})
        self.s3.put_object(Bucket=self._templates, Key="nested.json", Body=nested.encode())

    def install(self, prefix: str, stack: str = "") -> str:
        """Deploy an installation with a report and a photo; return the name of its stack."""
        name = stack or aws_stack.name_of(self.stacks, prefix)
        nested = {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {
                "TemplateURL": f"https://s3.amazonaws.com/{self._templates}/nested.json",
                "Parameters": {"Prefix": {"Ref": "Prefix"}},
            },
        }
        self.stacks.create_stack(
            StackName=name,
            TemplateBody=json.dumps({"Parameters": PREFIX_ONLY, "Resources": {"Issues": nested}}),
            Parameters=[{"ParameterKey": "Prefix", "ParameterValue": prefix}],
        )
        self.stacks.get_waiter("stack_create_complete").wait(
            StackName=name, WaiterConfig={"Delay": 1}
        )
        self.s3.put_object(Bucket=f"{prefix}photos", Key="1.jpg", Body=b"photo")
        aws_removal.protect(name, True)
        return name

    def has(self, prefix: str) -> tuple[bool, bool, bool]:
        """Return whether an installation has its table, that table its protection, and the photo
        is there."""
        try:  # a list of tables ends at a hundred of them
            table = self.tables.describe_table(TableName=f"{prefix}Reports")["Table"]
        except self.tables.exceptions.ResourceNotFoundException:
            return False, False, False
        photos = self.s3.list_objects_v2(Bucket=f"{prefix}photos")["KeyCount"]
        return True, table["DeletionProtectionEnabled"], photos == 1


@pytest.fixture
def account(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with clients_of(standin, monkeypatch):
        yield Account(standin)


def test_removing_one_leaves_another_whose_names_begin_alike(account: Account):
    campus, test = account.prefix, f"{account.prefix}test-"
    account.install(campus)
    account.install(test)
    assert account.has(campus) == account.has(test) == (True, True, True)
    aws_removal.delete(deploy_aws.stack_of({"Prefix": campus}), campus)
    assert account.has(campus) == (False, False, False)
    assert account.has(test) == (True, True, True)
    aws_removal.delete(deploy_aws.stack_of({"Prefix": test}), test)
    assert account.has(test) == (False, False, False)


def test_a_stack_is_protected_until_it_is_removed(account: Account):
    name = account.install(account.prefix)
    (found,) = account.stacks.describe_stacks(StackName=name)["Stacks"]
    assert found["EnableTerminationProtection"] is True
    aws_removal.delete(name, account.prefix)
    assert aws_stack.parameters(account.stacks, name) == {}


@pytest.mark.parametrize("has_written", [True, False])
def test_the_log_of_the_gateway_itself_is_kept_for_days_and_goes_with_the_installation(
    account: Account, standin: StandIn, has_written: bool
):
    logs = standin.client("logs")
    name = account.install(account.prefix)
    (api_id,) = (
        made
        for kind, made in aws_stack.resources(account.stacks, name)
        if kind == "AWS::ApiGateway::RestApi"
    )
    group = gateway_logs.group_of(api_id)
    if has_written:
        logs.create_log_group(logGroupName=group)
    for days in (30, 7):
        gateway_logs.keep(logs, api_id, days)
        (kept,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
        assert kept["retentionInDays"] == days
    aws_removal.delete(name, account.prefix)
    assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"] == []
    gateway_logs.forget(logs, api_id)  # where it never wrote


def test_after_it_is_removed_the_prefix_can_be_used_again(account: Account):
    for _ in range(2):
        name = account.install(account.prefix)
        aws_removal.delete(name, account.prefix)
    assert account.has(account.prefix) == (False, False, False)


def test_the_name_of_the_stack_follows_the_prefix(account: Account):
    assert deploy_aws.stack_of({"Prefix": account.prefix}) == f"{account.prefix}quadrangle"
    with pytest.raises(SystemExit, match="nothing was deployed from here"):
        deploy_aws.stack_of({})


def test_another_prefix_on_a_stack_there_is_is_refused(account: Account):
    account.install(account.prefix, stack=f"{account.prefix}a-quadrangle")
    with pytest.raises(SystemExit, match=f"installation with the prefix {account.prefix}: "):
        deploy_aws.stack_of({"Prefix": f"{account.prefix}a-"})


def test_an_installation_from_before_keeps_its_stack(
    account: Account, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(aws_stack, "FIRST_NAME", f"first{account.prefix}x")
    first = account.install(account.prefix, stack=aws_stack.FIRST_NAME)
    assert deploy_aws.stack_of({"Prefix": account.prefix}) == first
    other = f"{account.prefix}b-"
    assert deploy_aws.stack_of({"Prefix": other}) == f"{other}quadrangle"


class Deployments:
    """What sam was asked to deploy, in place of sam: it says what a stack was deployed with, or
    fails."""

    def __init__(self, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        self.account, self.asked, self.fails = account, [], False
        self.published: list[str] = []
        monkeypatch.setattr(deploy_aws, "sam_deploy", self._deploy)
        monkeypatch.setattr(
            deploy_aws, "outputs", lambda _: {"PagesUrl": "https://d1", "ApiId": "a"}
        )
        monkeypatch.setattr(deploy_aws, "publish", self.published.append)
        monkeypatch.setattr(deploy_aws, "release_of", lambda told: f"of {told['PublicUrl']}")

    def _deploy(self, stack: str, parameters: dict[str, str]) -> None:
        self.asked.append(parameters)
        if self.fails:
            raise subprocess.CalledProcessError(1, "sam")

    def installed(self, **parameters: str) -> str:
        """Return the name of a stack that was deployed with these."""
        name = f"{self.account.prefix}quadrangle"
        told = {each: {"Type": "String"} for each in parameters}
        topic = {"Type": "AWS::SNS::Topic", "Properties": {}}
        self.account.stacks.create_stack(
            StackName=name,
            TemplateBody=json.dumps({"Parameters": told, "Resources": {"Topic": topic}}),
            Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
        )
        self.account.stacks.get_waiter("stack_create_complete").wait(
            StackName=name, WaiterConfig={"Delay": 1}
        )
        return name


@pytest.fixture
def deployments(account: Account, monkeypatch: pytest.MonkeyPatch) -> Deployments:
    return Deployments(account, monkeypatch)


@pytest.mark.parametrize("domain", ["", "campus.example"])
def test_a_first_deployment_protects_nothing_until_it_has_succeeded(
    deployments: Deployments, domain: str
):
    """What is protected AWS could not roll back."""
    given = {"Protected": "true", "DomainName": domain}
    known = deploy_aws.deploy_stack("none-there", given)
    assert known == (f"https://{domain}" if domain else "https://d1")
    assert [each["Protected"] for each in deployments.asked] == ["false", "true"]
    assert deployments.asked[-1]["PublicUrl"] == known
    assert deployments.asked[-1]["Release"] == f"of {known}"
    assert deployments.published == []


def test_a_first_deployment_that_failed_names_the_way_out(deployments: Deployments):
    deployments.fails = True
    with pytest.raises(SystemExit, match="make remove-aws"):
        deploy_aws.deploy_stack("none-there", {"Protected": "true"})


@pytest.mark.parametrize(("videos", "published"), [("yes", ["a"]), ("no", [])])
def test_a_later_deployment_protects_and_publishes_paths_that_changed(
    deployments: Deployments, videos: str, published: list[str]
):
    stack = deployments.installed(Prefix=deployments.account.prefix, Videos="no")
    given = {"Protected": "true", "DomainName": "campus.example", "Videos": videos}
    deploy_aws.deploy_stack(stack, given)
    assert [each["Protected"] for each in deployments.asked] == ["true"]
    assert deployments.published == published


@pytest.mark.parametrize(("after", "is_sent"), [(["one"], True), (["one", "two", "more"], False)])
def test_what_waited_in_queues_that_went_is_sent_again(
    account: Account, monkeypatch: pytest.MonkeyPatch, after: list[str], is_sent: bool
):
    name, sent = f"{account.prefix}quadrangle", []
    monkeypatch.setattr(deploy_aws, "outputs", lambda _: {"Dispatch": "dispatch"})
    monkeypatch.setattr(deploy_aws, "dispatch_again", lambda *asked: sent.append(asked))

    def deploy(*queues: str) -> None:
        kind = {"Type": "AWS::SQS::Queue", "Properties": {}}
        body = json.dumps({"Parameters": PREFIX_ONLY, "Resources": dict.fromkeys(queues, kind)})
        is_new = not aws_stack.is_deployed(account.stacks, name)
        change = account.stacks.create_stack if is_new else account.stacks.update_stack
        prefix = [{"ParameterKey": "Prefix", "ParameterValue": account.prefix}]
        change(StackName=name, TemplateBody=body, Parameters=prefix)
        done = "stack_create_complete" if is_new else "stack_update_complete"
        account.stacks.get_waiter(done).wait(StackName=name, WaiterConfig={"Delay": 1})

    with deploy_aws.queues_followed(name):
        deploy("one", "two")
    assert sent == []  # the first deployment
    with deploy_aws.queues_followed(name):
        deploy(*after)
    assert [function for function, _ in sent] == ["dispatch"] * is_sent
    if is_sent:
        day_ago = to_text(SystemClock().now() - timedelta(hours=23))
        assert sent[0][1] < day_ago


def test_deploying_the_same_again_is_no_new_release(deployments: Deployments):
    """Also where CloudFront's name, once it had given one, is asked for with each deployment."""
    known = "https://d1"
    stack = deployments.installed(Prefix=deployments.account.prefix, PublicUrl=known)
    deploy_aws.deploy_stack(stack, {"Protected": "true"})
    assert [each["Release"] for each in deployments.asked] == [f"of {known}"] * 2


def test_what_is_published_is_what_the_api_has_now(standin: StandIn, account: Account):
    client = standin.client("apigateway")
    api_id = client.create_rest_api(name=f"{account.prefix}api")["id"]
    (root,) = client.get_resources(restApiId=api_id)["items"]
    client.put_method(
        restApiId=api_id, resourceId=root["id"], httpMethod="GET", authorizationType="NONE"
    )
    client.put_integration(restApiId=api_id, resourceId=root["id"], httpMethod="GET", type="MOCK")
    first = client.create_deployment(restApiId=api_id, stageName=gateway_logs.STAGE)["id"]
    deploy_aws.publish(api_id)
    stage = client.get_stage(restApiId=api_id, stageName=gateway_logs.STAGE)
    assert stage["deploymentId"] != first


class Asked:
    """A function that is asked by boto3, and answers in turn."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.payloads: list[dict[str, Any]] = []
        self._answers = list(answers)

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        self.payloads.append(json.loads(Payload))
        answer = self._answers.pop(0)
        failed = {"FunctionError": "Unhandled"} if "errorMessage" in answer else {}
        return {"Payload": io.BytesIO(json.dumps(answer).encode()), **failed}


def test_changes_are_sent_again_call_after_call(monkeypatch: pytest.MonkeyPatch, capsys: Any):
    behind = ["issue-1", 100]
    asked = Asked({"changes": 200, "behind": behind}, {"changes": 3, "behind": None})
    monkeypatch.setattr(deploy_aws.boto3, "client", lambda _: asked)
    since = "2026-11-21T09:30:00.000Z"
    assert deploy_aws.dispatch_again("campus-dispatch", since) == 0
    assert asked.payloads == [{"since": since}, {"since": since, "behind": behind}]
    assert "203 change(s) since 2026-11-21T09:30:00.000Z" in capsys.readouterr().out


def test_changes_that_could_not_be_sent_again_are_said(monkeypatch, capsys: Any):
    asked = Asked({"changes": 200, "behind": ["issue-1", 100]}, {"errorMessage": "away"})
    monkeypatch.setattr(deploy_aws.boto3, "client", lambda _: asked)
    assert deploy_aws.dispatch_again("campus-dispatch", "2026-11-21T09:30:00.000Z") == 1
    assert "away\n200 change(s) were sent before" in capsys.readouterr().out


def test_lost_answers_are_those_that_were_deployed():
    """Who presses Enter at every question deploys again what there is."""
    before = {"AdminEmail": "root@campus.example", "Videos": "yes", "MostVideoWorkers": "9"}
    asked: list[str] = []

    def pressed(text: str) -> str:
        asked.append(text)
        return "campus-" if len(asked) == 1 else ""

    known: dict[str, Any] = {"campus-": {**before, "PhotoKeys": "arn:old", "FrontSecret": "x"}}
    answers = deploy_aws.ask(pressed, known.__getitem__)
    assert before.items() <= answers.items()
    assert "Videos, with a database that costs by the hour: yes or no [yes]: " in asked
    assert "PhotoKeys" not in answers
    assert answers["FrontSecret"] != "x"


@pytest.mark.parametrize(
    ("at_once", "videos", "expected"),
    [(1000, "yes", ""), (123, "yes", ""), (10, "no", "may run 10")],
)
def test_what_an_account_may_run_at_once_is_said(at_once: int, videos: str, expected: str):
    said = deploy_aws.require_room({"Videos": videos}, at_once)
    assert bool(said) == bool(expected)
    assert expected in said


def test_videos_are_not_begun_where_aws_would_refuse_them():
    with pytest.raises(SystemExit, match="Videos reserve 23, and AWS wants 100 left"):
        deploy_aws.require_room({"Videos": "yes"}, 122)
    deploy_aws.require_room({"Videos": "yes", "VideoConcurrency": "5"}, 120)
