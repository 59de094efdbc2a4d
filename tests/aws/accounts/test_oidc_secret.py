"""Our client secret at the outside issuer: who keeps it, who reads it, and where it never is."""

import json
import secrets
from importlib import import_module
from typing import Any

import pytest

from quadrangle.aws.base.remembered import STALE_AFTER
from quadrangle.aws.base.secret_text import SecretText
from quadrangle.kernel.clock import ManualClock
from quadrangle.kernel.errors import Unavailable
from tests.standin.expanded import expanded_templates
from tests.standin.server import ROOT, StandIn
from tools import oidc_secret

SECRET = "a-secret-of-the-issuer"


@pytest.fixture
def client(standin: StandIn) -> Any:
    return standin.client("secretsmanager")


@pytest.fixture
def prefix() -> str:
    return f"t{secrets.token_hex(4)}-"


def test_the_template_is_told_where_it_is_and_not_what(client: Any, prefix: str):
    assert oidc_secret.parameters(client, prefix) == {"OidcSecretArn": ""}
    oidc_secret.put(client, prefix, SECRET)
    told = oidc_secret.parameters(client, prefix)
    assert told["OidcSecretArn"].startswith("arn:aws:secretsmanager:")
    assert SECRET not in json.dumps(told)


async def test_functions_read_it_and_another_one_soon(client: Any, prefix: str, clock: ManualClock):
    oidc_secret.put(client, prefix, SECRET)
    arn = oidc_secret.parameters(client, prefix)["OidcSecretArn"]
    kept = SecretText(client, arn, clock)
    assert kept.current() == SECRET
    oidc_secret.put(client, prefix, "another")
    assert kept.current() == SECRET
    clock.advance(STALE_AFTER)
    assert kept.current() == "another"
    assert oidc_secret.parameters(client, prefix)["OidcSecretArn"] == arn


def test_without_it_functions_say_that_a_part_is_away(client: Any, prefix: str, clock: ManualClock):
    with pytest.raises(Unavailable):
        SecretText(client, f"{prefix}OidcClientSecret", clock).current()


def test_it_is_never_empty_and_can_be_dropped(client: Any, prefix: str):
    with pytest.raises(SystemExit, match="is empty"):
        oidc_secret.put(client, prefix, "")
    oidc_secret.put(client, prefix, SECRET)
    oidc_secret.delete(client, prefix)
    oidc_secret.delete(client, prefix)
    assert oidc_secret.parameters(client, prefix) == {"OidcSecretArn": ""}


def test_questions_about_an_issuer_are_asked_where_there_is_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(ROOT / "tools")  # as when it is run
    deploy_aws: Any = import_module("deploy_aws")
    asked: list[str] = []

    def nothing(text: str) -> str:
        asked.append(text)
        return ""

    def nothing_yet(prefix: str) -> dict[str, str]:
        return {}  # this prefix was never deployed

    answers = deploy_aws.ask(nothing, nothing_yet)
    assert answers["OidcIssuer"] == ""
    assert {"OidcClientId", "OidcName", "OidcSignUp"}.isdisjoint(answers)
    without = len(asked)
    asked.clear()
    answers = deploy_aws.ask(
        lambda text: nothing(text) or "https://sso.campus.example", nothing_yet
    )
    assert len(asked) == without + 3
    assert set(answers) <= set(expanded_templates()["template"]["Parameters"])


def test_one_function_alone_may_read_it():
    readers: dict[str, list[Any]] = {}
    for template, content in expanded_templates().items():
        for name, resource in content["Resources"].items():
            if '"OidcSecretArn"' in json.dumps(resource.get("Properties", {})):
                readers.setdefault(resource["Type"], []).append(f"{template}.{name}")
    assert readers == {
        "AWS::CloudFormation::Stack": ["template.Accounts"],
        "AWS::Lambda::Function": ["accounts.AccountsHttpFunction"],
        "AWS::IAM::Role": ["accounts.AccountsHttpRole"],
    }
