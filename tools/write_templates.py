"""Writes what repeats in deploy/aws/*.yaml: `make templates`.

With `--check` it writes nothing, and fails where a template is not what it would write.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from deploy.aws.inventory import INVENTORY
from deploy.aws.inventory.model import Inventory, Stack
from deploy.aws.inventory.runtime import RUNTIME
from tools.templates import alarms, queries, rest_api
from tools.templates.dashboard import dashboard, dashboard_of_optional
from tools.templates.functions import conditions, function, knows_all_queues
from tools.templates.queues import of_machines
from tools.templates.regions import filled

TEMPLATES = Path(__file__).parents[1] / "deploy" / "aws"
DESKTOP = TEMPLATES / "desktop"
_GLOBALS = f"""Function:
  Runtime: {RUNTIME}
  Architectures: [x86_64]
"""


def regions(inventory: Inventory) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each template by its name, and what its regions hold. Raises ValueError for what
    cannot be written."""
    for stack in inventory.stacks:
        if stack.functions:
            yield stack.template, _of_stack(stack, inventory)
    always = inventory.always
    yield (
        "monitoring",
        {
            "daily": _together(alarms.daily(always)),
            "dead letters": _together(alarms.dead_letters(always)),
            "dashboard": dashboard(always),
            "logs of functions": queries.all_groups(always),
            "logs of requests": queries.groups_of_requests(always),
        },
    )
    yield (
        "api",
        {
            "parameters": "".join(rest_api.parameters(inventory)),
            "paths": "".join(rest_api.paths(inventory)),
            "permissions": _together(rest_api.permissions(inventory)),
        },
    )
    programs = ("person", "agent")
    yield "desktop-image", {name: (DESKTOP / f"{name}.py").read_text() for name in programs}


def _of_stack(stack: Stack, inventory: Inventory) -> dict[str, str]:
    queues = [of_machines(each) for each in stack.queues]
    functions = [function(each, inventory) for each in stack.functions]
    found = {"globals": _GLOBALS, "functions": _together([*queues, *functions])}
    if any(knows_all_queues(each) for each in stack.functions):
        found["conditions"] = conditions(inventory, stack.functions)
    if stack.condition:
        alone = Inventory((stack,))
        found["alarms"] = _together(alarms.of_optional(alone))
        found["dashboard"] = dashboard_of_optional(alone)
        found["logs of functions"] = queries.all_groups(alone)
    return found


def _together(parts: Iterable[str]) -> str:
    return "\n".join(parts)


def written() -> dict[Path, str]:
    """Return each template as it is to be."""
    paths = {TEMPLATES / f"{name}.yaml": content for name, content in regions(INVENTORY)}
    return {path: filled(path.read_text(), content) for path, content in paths.items()}


def main(arguments: list[str]) -> int:
    stale = {path: text for path, text in written().items() if path.read_text() != text}
    for path, text in stale.items():
        if arguments == ["--check"]:
            print(f"deploy/aws/{path.name} is not what `make templates` writes.", file=sys.stderr)
        else:
            path.write_text(text)
    return 1 if stale and arguments == ["--check"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
