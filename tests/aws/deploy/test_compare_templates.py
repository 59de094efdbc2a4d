"""tools/compare_templates.py tells what a change of the templates does, and no more."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tools.compare_templates import main

READ = {"Effect": "Allow", "Action": ["a:Read", "a:List"], "Resource": ["one"]}
WRITE = {"Effect": "Allow", "Action": ["a:Write"], "Resource": ["one", "two"]}
TEMPLATE = {
    "Parameters": {"Prefix": {"Type": "String"}},
    "Resources": {
        "Role": {"Type": "Role", "Properties": {"Policy": {"Statement": [READ, WRITE]}}},
        "Alarm": {
            "Type": "Alarm",
            "Properties": {
                "Metrics": [
                    {"Id": "m1", "ReturnData": False, "MetricStat": {"Stat": "Sum", "Of": "x"}},
                    {"Id": "m2", "ReturnData": False, "MetricStat": {"Stat": "Sum", "Of": "y"}},
                ]
            },
        },
        "Function": {
            "Type": "Function",
            "Properties": {"Queues": {"Fn::Sub": '{"a": "${Base}a", "b": "${Base}b"}'}},
        },
    },
}


def compared(folder: Path, after: dict[str, Any], before: dict[str, Any] = TEMPLATE) -> int:
    for name, template in (("before", before), ("after", after)):
        (folder / name).mkdir()
        (folder / name / "one.json").write_text(json.dumps(template))
    return main(folder / "before", folder / "after")


def changed() -> tuple[dict[str, Any], dict[str, Any]]:
    template = deepcopy(TEMPLATE)
    return template, template["Resources"]


def test_order_and_how_rights_are_put_together_mean_nothing(tmp_path: Path, capsys: Any):
    after, resources = changed()
    several = [{**WRITE, "Resource": each} for each in ("two", "one")]
    resources["Role"]["Properties"]["Policy"]["Statement"] = [*several, READ]
    first, second = resources["Alarm"]["Properties"]["Metrics"]
    resources["Alarm"]["Properties"]["Metrics"] = [{**second, "Id": "m1"}, {**first, "Id": "m2"}]
    other_order = '{"b": "${Base}b", "a": "${Base}a"}'
    resources["Function"]["Properties"]["Queues"]["Fn::Sub"] = other_order
    assert compared(tmp_path, after) == 0
    assert capsys.readouterr().out == "Nothing differs.\n"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ({**READ, "Action": ["a:Read", "a:List", "a:Delete"]}, 'a:Delete on "one"'),
        ({**READ, "Resource": ["one", "three"]}, 'a:Read on "three"'),
        ({**READ, "Condition": {"StringEquals": {"k": "v"}}}, 'a:Read on "one" {"Condition"'),
    ],
)
def test_a_right_that_is_new_is_told_and_fails(
    tmp_path: Path, capsys: Any, statement: dict[str, Any], told: str
):
    after, resources = changed()
    resources["Role"]["Properties"]["Policy"]["Statement"] = [statement, WRITE]
    assert compared(tmp_path, after) == 1
    assert f"one.Role may now {told}" in capsys.readouterr().out


def test_what_is_denied_no_more_is_told_and_fails(tmp_path: Path, capsys: Any):
    refused = {"Effect": "Deny", "Action": "a:Delete", "Resource": "*"}
    before, resources = changed()
    resources["Role"]["Properties"]["Policy"]["Statement"] = [READ, WRITE, refused]
    assert compared(tmp_path, TEMPLATE, before) == 1
    assert 'one.Role may now a:Delete on "*"' in capsys.readouterr().out


def test_what_is_gone_or_another_is_told(tmp_path: Path, capsys: Any):
    after, resources = changed()
    del resources["Function"]
    resources["Alarm"]["Properties"]["Metrics"][0]["MetricStat"]["Stat"] = "Average"
    assert compared(tmp_path, after) == 1
    out = capsys.readouterr().out
    assert "one.Resources.Function is gone" in out
    assert "one.Resources.Alarm.Properties.Metrics" in out


def test_rights_that_are_gone_alone_do_not_fail(tmp_path: Path, capsys: Any):
    after, resources = changed()
    resources["Role"]["Properties"]["Policy"]["Statement"] = [READ]
    assert compared(tmp_path, after) == 0
    assert 'one.Role may no longer a:Write on "one"' in capsys.readouterr().out
