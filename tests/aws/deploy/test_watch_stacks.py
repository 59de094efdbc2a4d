"""The stacks of pages and monitoring, deployed; and the pages uploaded into theirs."""

import json
import os
import subprocess
import sys
import time
from typing import Any

import msgspec
import pytest

from quadrangle.hosts.lambdas.base.description import description
from quadrangle.hosts.lambdas.services import HOSTS
from quadrangle.hosts.one_machine.pages import WEB
from quadrangle.hosts.shared.assets import KEPT, version_of, with_versions
from quadrangle.meetings.http.materials import downloads, recordings
from tests.http.base.description import description as description_of_one_machine
from tests.standin.expanded import expanded_templates
from tests.standin.server import REGION, ROOT, StandIn
from tests.standin.tables import TEMPLATES

ALARM_EMAIL = "operator@campus.example"


def deploy(standin: StandIn, name: str, **parameters: str) -> dict[str, str]:
    """Deploy a template as a stack of its name; return what it made by its logical names.

    From a bucket, as SAM does it: a request may hold 51,200 bytes of a template.
    """
    client, bucket = standin.client("cloudformation"), f"watch-{name}-template"
    here = {"LocationConstraint": REGION}
    standin.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=here)
    template = (TEMPLATES / f"{name}.yaml").read_bytes()
    standin.client("s3").put_object(Bucket=bucket, Key="template.yaml", Body=template)
    client.create_stack(
        StackName=f"watch-{name}",
        TemplateURL=f"{standin.url}/{bucket}/template.yaml",
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
        ],
    )
    while True:
        (stack,) = client.describe_stacks(StackName=f"watch-{name}")["Stacks"]
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            break
        time.sleep(0.1)
    assert stack["StackStatus"] == "CREATE_COMPLETE", stack.get("StackStatusReason")
    made = client.describe_stack_resources(StackName=f"watch-{name}")["StackResources"]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in made}


# -- monitoring -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def monitoring(standin: StandIn) -> dict[str, str]:
    return deploy(
        standin, "monitoring", Prefix="watch-", ApiName="watch-api", AlarmEmail=ALARM_EMAIL
    )


def test_all_alarms_the_dashboard_and_the_queries_are_there(standin: StandIn, monitoring):
    template = expanded_templates()["monitoring"]["Resources"]
    assert set(monitoring) == set(template)
    dashboard = standin.client("cloudwatch").get_dashboard(DashboardName="watch-Quadrangle")
    assert "watch-issues-http" in json.dumps(json.loads(dashboard["DashboardBody"]))


def test_the_operator_is_asked_to_confirm(standin: StandIn, monitoring):
    client = standin.client("sns")
    topic = monitoring["Alarms"]
    (subscription,) = client.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", ALARM_EMAIL)


def test_an_alarm_and_its_end_reach_the_topic(standin: StandIn, monitoring):
    sqs, cloudwatch = standin.client("sqs"), standin.client("cloudwatch")
    queue = sqs.create_queue(QueueName="watch-heard")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    arn = attributes["Attributes"]["QueueArn"]
    topic = monitoring["Alarms"]
    standin.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    heard = []
    for state in ("ALARM", "OK"):
        cloudwatch.set_alarm_state(
            AlarmName="watch-dead-letters-not-empty", StateValue=state, StateReason="test"
        )
        answer = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)
        (message,) = answer["Messages"]
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        told = json.loads(json.loads(message["Body"])["Message"])
        heard.append((told["AlarmName"], told["NewStateValue"]))
    assert heard == [("watch-dead-letters-not-empty", state) for state in ("ALARM", "OK")]


# -- pages ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pages(standin: StandIn) -> dict[str, str]:
    return deploy(
        standin,
        "pages",
        Prefix="watch-",
        ApiDomain=f"abc123.execute-api.{REGION}.amazonaws.com",
        FrontSecret="x" * 20,
        PhotosDomain=f"watch-photos-1.s3.{REGION}.amazonaws.com",
        PhotoKeyGroup="e9fcd3cf-f3f4-4b61-bd85-9ba9e091b309",
    )


def upload(standin: StandIn, pages: dict[str, str]) -> str:
    """Run the tool as `make deploy-aws` does; return what it says."""
    if not (WEB / "vendor" / ".done").exists():
        pytest.skip("no libraries of the pages: `make web` installs them, as `make test` does")
    key, secret = standin.credentials
    done = subprocess.run(
        [sys.executable, "tools/upload_pages.py", pages["PagesBucket"], pages["Distribution"]],
        cwd=ROOT,
        env={
            **os.environ,
            "AWS_ENDPOINT_URL": standin.url,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def invalidations(standin: StandIn, pages: dict[str, str]) -> int:
    client = standin.client("cloudfront")
    listed = client.list_invalidations(DistributionId=pages["Distribution"])
    return len(listed["InvalidationList"].get("Items", []))


def test_the_distribution_has_every_behaviour(standin: StandIn, pages):
    client = standin.client("cloudfront")
    config = client.get_distribution_config(Id=pages["Distribution"])["DistributionConfig"]
    patterns = [each["PathPattern"] for each in config["CacheBehaviors"]["Items"]]
    assert patterns.index("/api/docs") < patterns.index("/api/*")
    assert {"/report-issue", "/update-status", "/prod/*"} <= set(patterns)
    assert config["HttpVersion"] == "http2and3"


def test_pages_are_uploaded_once_and_what_is_gone_is_deleted(standin: StandIn, pages):
    s3, bucket = standin.client("s3"), pages["PagesBucket"]
    before = invalidations(standin, pages)
    assert not upload(standin, pages).startswith("0 ")
    assert invalidations(standin, pages) == before + 1

    desk = s3.get_object(Bucket=bucket, Key="desk.html")
    version = version_of(WEB)
    assert desk["Body"].read() == with_versions((WEB / "desk.html").read_bytes(), version)
    assert (desk["ContentType"], desk["CacheControl"]) == ("text/html; charset=utf-8", "no-cache")
    for key, kept in [("js/base/api.js", "no-cache"), (f"v/{version}/js/base/api.js", KEPT)]:
        script = s3.head_object(Bucket=bucket, Key=key)
        assert script["ContentType"] == "text/javascript; charset=utf-8"
        assert script["CacheControl"] == kept
    assert s3.get_object(Bucket=bucket, Key="api/openapi.json")["Body"].read() == description(
        optional=False
    )

    assert upload(standin, pages).startswith("0 ")
    assert invalidations(standin, pages) == before + 1

    for key in ("old.html", "v/older/js/a.js", "v/before/js/a.js"):
        s3.put_object(Bucket=bucket, Key=key, Body=b"old")
    s3.put_object(Bucket=bucket, Key="js/base/api.js", Body=b"not ours")
    assert upload(standin, pages).startswith("3 ")
    listed = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    keys = {each["Key"] for part in listed for each in part["Contents"]}
    assert "old.html" not in keys
    # pages that are open still find what they name; of what was before that nobody has a page
    assert ("v/older/js/a.js" in keys) != ("v/before/js/a.js" in keys)
    script = s3.get_object(Bucket=bucket, Key="js/base/api.js")["Body"].read()
    assert script == (WEB / "js" / "base" / "api.js").read_bytes()
    assert invalidations(standin, pages) == before + 2


# -- the description --------------------------------------------------------------------------

# On AWS pages poll instead of reading streams, photos go to S3, and CloudWatch counts.
ONE_MACHINE_ONLY = {"/metrics", "/api/issues/{issueId}/photos"} | {
    path.replace(":str", "")
    for route in [*recordings.ROUTES, *downloads.CONTENTS]
    for path in route.paths
}


def described() -> dict[str, Any]:
    return msgspec.json.decode(description())


def test_the_description_says_of_each_path_what_one_machine_says():
    ours, theirs = described()["paths"], description_of_one_machine()["paths"]
    for path in ours.keys() & theirs.keys():
        for method in ours[path].keys() & theirs[path].keys():
            assert ours[path][method] == theirs[path][method], (method, path)
    missing = {path for path in theirs.keys() - ours.keys() if not path.endswith("/events")}
    assert missing == ONE_MACHINE_ONLY


def test_without_videos_the_description_has_none_of_their_calls():
    (videos,) = [each for host in HOSTS if host.is_optional and (each := host.described())]
    theirs = {path.replace(":str", "") for route in videos.routes for path in route.paths}
    without = set(msgspec.json.decode(description(optional=False))["paths"])
    assert without == described()["paths"].keys() - theirs
    assert "/api/courses" in theirs


def test_the_rest_api_passes_on_every_path_of_the_description():
    api = expanded_templates()["api"]["Resources"]["Api"]["Properties"]["Body"]["paths"]
    open_ended = [path.removesuffix("{proxy+}") for path in api if path.endswith("/{proxy+}")]
    for path in described()["paths"]:
        assert path in api or path.startswith(tuple(open_ended)), path
