"""The clients of AWS that functions use, made with our own loader of models."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import botocore
import pytest
from botocore.session import Session

from quadrangle.aws.base import clients
from quadrangle.aws.base.models import SERVICES, endpoints
from tests.standin.server import REGION, StandIn

SOURCE = Path(clients.__file__).parents[2]


@pytest.fixture(autouse=True)
def on_the_standin(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ENDPOINT_URL", standin.url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", standin.credentials[0])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", standin.credentials[1])
    clients.client.cache_clear()
    yield
    clients.client.cache_clear()


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("dynamodb", "list_tables"),
        ("ec2", "describe_instances"),
        ("s3", "list_buckets"),
        ("scheduler", "list_schedule_groups"),
        ("secretsmanager", "list_secrets"),
        ("sesv2", "list_email_identities"),
        ("sqs", "list_queues"),
        ("ssm", "describe_parameters"),
    ],
)
def test_each_service_answers(service: str, call: str):
    for made in (clients.client(service), clients.client_later(service)):
        assert getattr(made, call)()["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert clients.client(service) is clients.client(service)


def test_every_service_that_functions_use_is_known():
    texts = [file.read_text() for file in (SOURCE / "hosts").rglob("*.py")]
    used = {name for text in texts for name in re.findall(r'client(?:_later)?\("([\w-]+)"\)', text)}
    assert used == set(SERVICES)


def test_addresses_that_browsers_use_are_made():
    form = clients.client("s3").generate_presigned_post("photos", "key")
    assert {"policy", "x-amz-signature"} <= set(form["fields"])


@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1", "us-gov-west-1", "cn-north-1"])
def test_addresses_are_those_of_botocore(region: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    clients._session.cache_clear()
    try:
        for service in SERVICES:
            ours = clients.client(service)
            theirs = Session().create_client(service, config=ours.meta.config)
            assert ours.meta.endpoint_url == theirs.meta.endpoint_url
            assert ours.meta.region_name == theirs.meta.region_name
            assert ours._request_signer.signing_name == theirs._request_signer.signing_name
    finally:
        clients._session.cache_clear()


def test_endpoints_are_all_that_botocore_says_of_our_services():
    content = (Path(botocore.__file__).parent / "data" / "endpoints.json").read_bytes()
    ours, theirs = endpoints(content), json.loads(content)
    for partition, whole in zip(ours["partitions"], theirs["partitions"], strict=True):
        known = partition["services"].keys()
        whole["services"] = {name: whole["services"][name] for name in known}
    assert ours == theirs
    elsewhere = {"sesv2", "scheduler", "service-quotas"}  # missing, or under another name
    known = ours["partitions"][0]["services"].keys()
    assert known >= {*SERVICES, "email", "servicequotas"} - elsewhere
