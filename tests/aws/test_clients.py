"""The clients of AWS that functions use, made with our own loader of models."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from quadrangle.aws import clients
from quadrangle.aws.models import SERVICES
from tests.standin.server import REGION, StandIn

SOURCE = Path(clients.__file__).parents[1]


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
        ("s3", "list_buckets"),
        ("scheduler", "list_schedule_groups"),
        ("secretsmanager", "list_secrets"),
        ("sesv2", "list_email_identities"),
        ("sqs", "list_queues"),
    ],
)
def test_each_service_answers(service: str, call: str):
    for made in (clients.client(service), clients.client_later(service)):
        assert getattr(made, call)()["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert clients.client(service) is clients.client(service)


def test_every_service_that_functions_use_is_known():
    texts = [file.read_text() for file in (SOURCE / "hosts" / "lambdas").glob("*.py")]
    used = {name for text in texts for name in re.findall(r'client(?:_later)?\("(\w+)"\)', text)}
    assert used == set(SERVICES)


def test_addresses_that_browsers_use_are_made():
    form = clients.client("s3").generate_presigned_post("photos", "key")
    assert {"policy", "x-amz-signature"} <= set(form["fields"])
