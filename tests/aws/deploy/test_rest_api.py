"""The REST API as AWS would make it in an account that never had one."""

from typing import Any

import pytest

from tests.standin.expanded import expanded_templates
from tests.standin.server import MISSING, PYTHON

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason=MISSING)

# What an account must have one of before API Gateway takes settings of it: by the documentation of
# AWS::ApiGateway::Account.
OF_THE_GATEWAY = ("AWS::ApiGateway::RestApi", "AWS::ApiGateway::ApiKey")


def api() -> dict[str, dict[str, Any]]:
    return expanded_templates()["api"]["Resources"]


def one(kind: str) -> tuple[str, dict[str, Any]]:
    (found,) = ((name, each) for name, each in api().items() if each["Type"] == kind)
    return found


def waits_for(name: str) -> set[str]:
    """Return all that is made before a resource."""
    found: set[str] = set()
    left = [name]
    while left:
        new = {*direct(api()[left.pop()])} - found
        found |= new
        left += new
    return found


def direct(resource: dict[str, Any]) -> list[str]:
    said = resource.get("DependsOn", [])
    named = [*([said] if isinstance(said, str) else said), *references(resource["Properties"])]
    return [each for each in named if each in api()]


def references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for each in value for name in references(each)]
    if not isinstance(value, dict):
        return []
    if "Ref" in value:
        return [value["Ref"]]
    if "Fn::GetAtt" in value:
        return [value["Fn::GetAtt"][0]]
    return [name for each in value.values() for name in references(each)]


def test_the_account_gets_its_role_when_it_has_something_of_the_gateway():
    name, _ = one("AWS::ApiGateway::Account")
    assert {api()[each]["Type"] for each in waits_for(name)} & {*OF_THE_GATEWAY}


def test_the_stage_that_writes_logs_waits_for_the_role_of_the_account():
    account, _ = one("AWS::ApiGateway::Account")
    stage, _ = one("AWS::ApiGateway::Stage")
    assert account in waits_for(stage)
    assert stage not in waits_for(account)


def test_settings_of_a_method_name_its_path_as_the_gateway_wants_it():
    """A slash within is `~1` there: with `/`, the stage is refused."""
    _, stage = one("AWS::ApiGateway::Stage")
    _, rest_api = one("AWS::ApiGateway::RestApi")
    paths = rest_api["Properties"]["Body"]["paths"]
    named = [each["ResourcePath"] for each in stage["Properties"]["MethodSettings"]]
    assert "/~1issue-status~1{issueId}" in named
    for written in named:
        assert written.startswith("/"), written
        assert "/" not in written[1:], written
        path = written[1:].replace("~1", "/").replace("~0", "~")
        assert path == "*" or path in paths, written
