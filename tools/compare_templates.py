"""Tells what differs between expanded templates: `compare_templates.py BEFORE AFTER`, both folders
that tools/expand_templates.py wrote.

What means the same is the same: the order of statements and of what is listed, how many statements
say what a role may, and the names of figures in an alarm. Exits 1 where a role may do more than
before, or a resource, a parameter or an output is gone or another.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Right = tuple[str, str, str, str]
_LISTS = {"LogGroupNames", "DependsOn"}  # whose order means nothing


def main(before: Path, after: Path) -> int:
    """Print a line for each difference; return how the program exits."""
    old, new = read(before), read(after)
    allowed, denied = rights(old, "Allow"), rights(old, "Deny")
    allowed_now, denied_now = rights(new, "Allow"), rights(new, "Deny")
    added = sorted((allowed_now - allowed) | (denied - denied_now))
    gone = sorted((allowed - allowed_now) | (denied_now - denied))
    other = list(differences(meaning(old), meaning(new), ""))
    for sign, found in (("may now", added), ("may no longer", gone)):
        for where, action, resource, condition in found:
            print(f"{where} {sign} {action} on {resource} {condition}".rstrip())
    for line in other:
        print(line)
    if not (added or gone or other):
        print("Nothing differs.")
    return 1 if added or other else 0


def read(folder: Path) -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}


def rights(templates: dict[str, Any], effect: str) -> set[Right]:
    """Return everything that statements allow or deny: where, action, resource, conditions."""
    found: set[Right] = set()
    for name, template in templates.items():
        for resource_id, resource in template["Resources"].items():
            for document in _policies(resource):
                for each in _list(document["Statement"]):
                    if each["Effect"] == effect:
                        found |= set(_rights(f"{name}.{resource_id}", each))
    return found


def _rights(where: str, statement: dict[str, Any]) -> Iterator[Right]:
    said = ("Effect", "Action", "Resource", "Sid")
    bounds = {k: v for k, v in statement.items() if k not in said}
    condition = json.dumps(bounds, sort_keys=True) if bounds else ""
    for action in _list(statement["Action"]):
        for resource in _list(statement.get("Resource", "")):
            yield (where, action, json.dumps(resource, sort_keys=True), condition)


def _policies(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "Statement" in value:
            yield value
        for each in value.values():
            yield from _policies(each)
    elif isinstance(value, list):
        for each in value:
            yield from _policies(each)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def meaning(value: Any, name: str = "") -> Any:
    """Return a value in a form in which what means the same is equal."""
    if isinstance(value, dict):
        if "Statement" in value:
            return "statements, compared as rights"
        if name == "DashboardBody":
            return _dashboard(json.loads(value["Fn::Sub"]))
        if name == "Metrics" or set(value) == {"Id", "ReturnData", "MetricStat"}:
            value = {k: v for k, v in value.items() if k != "Id"}
        return {key: meaning(each, key) for key, each in value.items()}
    if isinstance(value, list):
        listed = [meaning(each) for each in value]
        if name in _LISTS or name == "Metrics":
            return sorted(listed, key=lambda each: json.dumps(each, sort_keys=True))
        return listed
    if name == "Fn::Sub" and isinstance(value, str) and value.startswith("{"):
        return json.loads(value)
    return value


def _dashboard(body: dict[str, Any]) -> dict[str, Any]:
    """Return it with metrics written out, in any order."""
    for widget in body["widgets"]:
        whole: list[list[Any]] = []
        for metric in widget["properties"]["metrics"]:
            start = whole[-1][:-1] if metric[0] == "..." else []
            whole.append([*start, *[each for each in metric if each != "..."]])
        widget["properties"]["metrics"] = sorted(whole, key=json.dumps)
    return body


def differences(before: Any, after: Any, where: str) -> Iterator[str]:
    """Yield a line for each place where two values differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            place = f"{where}.{key}".lstrip(".")
            if key not in after:
                yield f"{place} is gone: {json.dumps(before[key])[:200]}"
            elif key not in before:
                yield f"{place} is new: {json.dumps(after[key])[:200]}"
            else:
                yield from differences(before[key], after[key], place)
    elif before != after:
        yield f"{where}: {json.dumps(before)[:200]} -> {json.dumps(after)[:200]}"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
