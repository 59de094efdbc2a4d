"""Writes what repeats in deploy/aws/*.yaml: `make templates`.

With `--check` it writes nothing, and fails where a template is not what it would write.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from deploy.aws.inventory import INVENTORY
from deploy.aws.inventory.model import Inventory
from deploy.aws.inventory.runtime import RUNTIME
from tools.templates import alarms, queries, rest_api
from tools.templates.dashboard import dashboard
from tools.templates.functions import function
from tools.templates.regions import filled

TEMPLATES = Path(__file__).parents[1] / "deploy" / "aws"
DESKTOP = TEMPLATES / "desktop"
_GLOBALS = f"""Function:
  Runtime: {RUNTIME}
  Architectures: [x86_64]
  Tracing: Active
"""


def regions(inventory: Inventory) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each template by its name, and what its regions hold. Raises ValueError for what
    cannot be written."""
    for stack in inventory.stacks:
        if stack.functions:
            functions = _together(function(each, inventory) for each in stack.functions)
            yield stack.template, {"globals": _GLOBALS, "functions": functions}
    yield (
        "monitoring",
        {
            "errors": _together(alarms.errors(inventory)),
            "daily errors": _together(alarms.daily_errors(inventory)),
            "throttles": _together(alarms.throttles(inventory)),
            "dead letters": _together(alarms.dead_letters(inventory)),
            "dashboard": dashboard(inventory),
            "logs of functions": queries.all_groups(inventory),
            "logs of requests": queries.groups_of_requests(inventory),
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
