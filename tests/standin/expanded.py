"""The templates as AWS sees them: plain CloudFormation, expanded by SAM's own translator."""

import json
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.standin.server import PYTHON, ROOT

TOOL = ROOT / "tools" / "expand_templates.py"


@cache
def expanded_templates() -> dict[str, dict[str, Any]]:
    """Return the expanded templates by their names, e.g. `issues`."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([PYTHON, TOOL, folder], check=True)
        return {path.stem: json.loads(path.read_text()) for path in Path(folder).glob("*.json")}


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """Return the properties of resources of a kind, e.g. `AWS::SQS::Queue`, by `template.id`."""
    return {
        f"{name}.{resource_id}": resource.get("Properties", {})
        for name, template in expanded_templates().items()
        for resource_id, resource in template["Resources"].items()
        if resource["Type"] == kind
    }


def without_functions(name: str) -> dict[str, Any]:
    """Return a template without its functions, whose code would have to be built first, and
    without what makes buckets call them: tests/deployed runs all of it."""
    template = expanded_templates()[name]
    kept = {
        resource_id: {k: v for k, v in resource.items() if k != "DependsOn"}
        for resource_id, resource in template["Resources"].items()
        if not resource["Type"].startswith("AWS::Lambda::")
    }
    for resource in kept.values():
        if resource["Type"] == "AWS::S3::Bucket":
            properties = resource["Properties"]
            resource["Properties"] = {
                k: v for k, v in properties.items() if k != "NotificationConfiguration"
            }
    return {"Parameters": template["Parameters"], "Resources": kept}


def decided(value: Any, conditions: Mapping[str, bool]) -> Any:
    """Return a part of a template as it is where these conditions hold or do not; what depends on
    others stays."""
    if isinstance(value, list):
        found = [decided(each, conditions) for each in value]
        return [each for each in found if each != {"Ref": "AWS::NoValue"}]
    if not isinstance(value, dict):
        return value
    if list(value) == ["Fn::If"] and value["Fn::If"][0] in conditions:
        name, if_true, if_not = value["Fn::If"]
        return decided(if_true if conditions[name] else if_not, conditions)
    found = {name: decided(each, conditions) for name, each in value.items()}
    return {name: each for name, each in found.items() if each != {"Ref": "AWS::NoValue"}}


def text_of(value: Any, **values: str) -> str:
    """Return the text of a `Fn::Sub` or `Ref` with `values` put in; a text as it is."""
    if isinstance(value, dict):
        value = value["Fn::Sub"] if "Fn::Sub" in value else "${" + value["Ref"] + "}"
    if isinstance(value, list):  # with values of its own
        value, values = value[0], {**value[1], **values}
    for name, replacement in values.items():
        value = value.replace("${" + name + "}", replacement)
    return value
