"""Requests go to versions of functions, which change with code and configuration at once."""

import json
from pathlib import Path
from typing import Any

import pytest

from deploy.aws.inventory import INVENTORY
from deploy.aws.inventory.model import Function, Http
from deploy.aws.inventory.runtime import ALIAS
from tests.standin.expanded import decided, expanded_templates, resources
from tests.standin.server import MISSING, PYTHON
from tools.deploy_aws import MADE
from tools.release import LENGTH, release_of

needs_sam = pytest.mark.skipif(not PYTHON.exists(), reason=MISSING)
ANSWERING = pytest.mark.parametrize("function", INVENTORY.answering, ids=lambda each: each.name)


def stack_of(function: Function) -> dict[str, Any]:
    (name,) = [each.template for each in INVENTORY.stacks if function in each.functions]
    return expanded_templates()[name]


@needs_sam
@ANSWERING
def test_the_alias_is_the_version_that_is_published(function: Function):
    there = stack_of(function)["Resources"]
    own = {"Ref": f"{function.logical_id}Function"}
    (version,) = [
        name
        for name, each in there.items()
        if each["Type"] == "AWS::Lambda::Version" and each["Properties"]["FunctionName"] == own
    ]
    assert there[version]["DeletionPolicy"] == "Delete"  # AWS keeps 75 GB of them
    alias = there[f"{function.logical_id}FunctionAlias{ALIAS}"]["Properties"]
    assert (alias["Name"], alias["FunctionName"]) == (ALIAS, own)
    assert alias["FunctionVersion"] == {"Fn::GetAtt": [version, "Version"]}


@needs_sam
@ANSWERING
def test_a_version_is_never_what_the_last_one_was(function: Function):
    """AWS refuses to publish one of which nothing is new, so each knows its release."""
    properties = stack_of(function)["Resources"][f"{function.logical_id}Function"]["Properties"]
    variables = properties["Environment"]["Variables"]
    assert variables["QUADRANGLE_RELEASE"] == {"Ref": "Release"}
    assert stack_of(function)["Parameters"]["Release"]["MaxLength"] >= LENGTH


@needs_sam
def test_every_stack_with_such_a_function_is_told_the_release():
    names = {
        stack.template
        for stack in INVENTORY.stacks
        if any(isinstance(each, Http) for each in stack.functions)
    }
    parts = expanded_templates()["template"]["Resources"].values()
    told = [
        each["Properties"]["Parameters"]
        for each in parts
        if each["Properties"].get("Parameters", {}).get("Release")
    ]
    assert len(told) == len(names)
    for each in told:
        assert each["Release"] == {"Ref": "Release"}
        assert each["SnapStart"] == {"Ref": "SnapStart"}
    assert "Release" in MADE


@needs_sam
def test_the_api_calls_and_may_call_the_alias_alone():
    (api,) = resources("AWS::ApiGateway::RestApi").values()
    called = [each["uri"]["Fn::Sub"] for each in integrations(api["Body"]["paths"])]
    assert len(called) > 20
    for uri in called:
        assert uri.endswith(f"Http}}:{ALIAS}/invocations"), uri
    may = [
        each["FunctionName"]
        for name, each in resources("AWS::Lambda::Permission").items()
        if name.startswith("api.")
    ]
    names = {f"${{{each.logical_id}}}:{ALIAS}" for each in INVENTORY.answering}
    assert {each["Fn::Sub"] for each in may} == names


def integrations(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [found for each in value for found in integrations(each)]
    if not isinstance(value, dict):
        return []
    own = value.get("x-amazon-apigateway-integration")
    return [own] if own else [found for each in value.values() for found in integrations(each)]


@needs_sam
@ANSWERING
@pytest.mark.parametrize("on", [True, False])
def test_containers_begin_from_a_picture_where_it_is_asked_for(function: Function, on: bool):
    stack = stack_of(function)
    made = decided(stack["Resources"], {"SnapStarts": on})[f"{function.logical_id}Function"]
    assert made["Properties"]["SnapStart"] == {"ApplyOn": "PublishedVersions" if on else "None"}
    assert stack["Parameters"]["SnapStart"]["Default"] == "off"


@needs_sam
def test_no_picture_where_containers_are_kept_warm():
    """AWS refuses both for one version."""
    said = json.dumps(expanded_templates()["videos"]["Conditions"]["SnapStarts"])
    assert "WarmContainers" in said


def campus(root: Path) -> Path:
    for name, content in (("deploy/aws/a.yaml", "a"), ("dist/lambda/http/b.py", "b")):
        path = root / name
        path.parent.mkdir(parents=True)
        path.write_text(content)
    return root


def test_a_release_is_another_with_each_change_and_with_nothing_else(tmp_path: Path):
    root, told = campus(tmp_path), {"Prefix": "campus-", "SignUp": "open"}
    first = release_of(told, root)
    assert len(first) == LENGTH
    assert first.isalnum()
    same = {**dict(reversed(told.items())), "Protected": "true", "Release": first}
    assert release_of(same, root) == first
    seen = {first, release_of({**told, "SignUp": "closed"}, root)}
    (root / "dist/lambda/http/b.py").write_text("c")
    seen.add(release_of(told, root))
    (root / "deploy/aws/a.yaml").write_text("d")
    seen.add(release_of(told, root))
    assert len(seen) == 4
