"""Makes the tables of the template on the stand-in, for tests of what keeps things in them."""

import secrets
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TEMPLATES = Path(__file__).parents[2] / "deploy" / "aws"


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms: `!Sub text` becomes `{"Sub": text}`."""


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return {suffix: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {suffix: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {suffix: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _short_form)


@cache
def template(name: str) -> dict[str, Any]:
    """Return one of the templates as it stands, short forms as dicts."""
    return parsed((TEMPLATES / f"{name}.yaml").read_text())


def parsed(text: str) -> dict[str, Any]:
    """Return what CloudFormation's YAML says, short forms as dicts."""
    return yaml.load(text, _Loader)


def make_tables(dynamodb: Any, *names: str) -> str:
    """Make the tables of these names, empty; return what their names begin with.

    A test names those it uses: each takes its time, and a store that uses another is found.
    """
    prefix = f"t{secrets.token_hex(4)}-"
    for name in names:
        dynamodb.create_table(**_arguments(_described()[name], prefix))
    return prefix


def all_tables() -> Iterable[str]:
    """Return the names of every table in the templates, without the prefix."""
    return _described()


@cache
def _described() -> dict[str, dict[str, Any]]:
    """Return the properties of every table in the templates, by its name without the prefix."""
    resources = [
        resource
        for name in ("shared", "issues", "accounts", "audit", "mail", "meetings")
        for resource in template(name)["Resources"].values()
    ]
    tables = [r["Properties"] for r in resources if r["Type"] == "AWS::DynamoDB::Table"]
    return {table["TableName"]["Sub"].removeprefix("${Prefix}"): table for table in tables}


_CREATED_WITH = (
    "AttributeDefinitions",
    "KeySchema",
    "GlobalSecondaryIndexes",
    "BillingMode",
)


def _arguments(properties: dict[str, Any], prefix: str) -> dict[str, Any]:
    arguments = {name: properties[name] for name in _CREATED_WITH if name in properties}
    table = properties["TableName"]["Sub"].replace("${Prefix}", prefix)
    if "StreamSpecification" in properties:
        arguments["StreamSpecification"] = {
            "StreamEnabled": True,
            **properties["StreamSpecification"],
        }
    return {**arguments, "TableName": table}
