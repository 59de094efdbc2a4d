"""The REST API as AWS would make it in an account that never had one."""

import json
from typing import Any

import pytest

from deploy.aws.inventory import INVENTORY
from deploy.aws.inventory.model import camel
from tests.standin.expanded import expanded_templates
from tests.standin.server import MISSING, PYTHON
from tools.deploy_aws import PATHS_FOLLOW
from tools.gateway_logs import STAGE

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


def conditions(value: Any) -> set[str]:
    if isinstance(value, list):
        return {name for each in value for name in conditions(each)}
    if not isinstance(value, dict):
        return set()
    own = {value["Fn::If"][0]} if "Fn::If" in value else set()
    return own | {name for each in value.values() for name in conditions(each)}


def test_what_the_api_depends_on_is_deployed_when_it_changes():
    """CloudFormation makes a new deployment of the stage only when the template itself changes, so
    the deploy tool looks at the parameters behind conditions, and there are no others."""
    _, rest_api = one("AWS::ApiGateway::RestApi")
    body = rest_api["Properties"]["Body"]
    assert {name.removeprefix("Has") for name in conditions(body)} == {*PATHS_FOLLOW}
    parameters = {*expanded_templates()["api"]["Parameters"]} - {"Prefix"}
    named = {name for name in parameters if name in json.dumps(body)}
    functions = {f"{camel(each.name)}" for each in INVENTORY.answering}
    assert named <= functions  # by names that stay
    _, stage = one("AWS::ApiGateway::Stage")
    assert stage["Properties"]["StageName"] == STAGE


def test_what_the_gateway_itself_answers_any_page_may_read():
    """One header cannot name several origins."""
    _, rest_api = one("AWS::ApiGateway::RestApi")
    answers = rest_api["Properties"]["Body"]["x-amazon-apigateway-gateway-responses"]
    for name, each in answers.items():
        said = each["responseParameters"]["gatewayresponse.header.Access-Control-Allow-Origin"]
        assert said == "'*'", name


def test_the_api_compresses_as_cloudfront_does_not_what_it_may_not_keep():
    _, rest_api = one("AWS::ApiGateway::RestApi")
    assert rest_api["Properties"]["MinimumCompressionSize"] == 1024


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
