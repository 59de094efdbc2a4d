"""Which room may know which, for rooms that come later too: by their names, not by a list."""

import ast
import sys
from pathlib import Path

import pytest

from quadrangle.http.asking.auth import SCOPE
from tests.applications import routes_of_one_machine

SOURCE = Path(__file__).parents[2] / "src" / "quadrangle"
# Every service says of itself what others need to know.
SERVICES = {path.parent.name for path in SOURCE.glob("*/declared.py")}
# Libraries of values and pure functions. zxcvbn reckons how soon a password is guessed.
PURE = {"msgspec", "zxcvbn"}
BELOW_SERVICES = [
    *("kernel", "http", "letters"),
    *(f"{floor}/{room}" for floor in ("sql", "aws") for room in ("base", "feed", "jobs")),
    "hosts/lambdas/base",
]


def modules(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((SOURCE / folder).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """Return all that a file imports: names of modules, and of what is taken from them."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def known_services(path: Path) -> set[str]:
    """Return the services that a file knows: their own rooms, and theirs on other floors."""
    known = set()
    for name in imported(path):
        match name.split("."):
            case ["quadrangle", "kernel" | "http" | "letters", *_]:
                continue
            case ["quadrangle", *rooms]:
                known |= SERVICES & set(rooms[:3])
    return known


def is_pure(name: str) -> bool:
    """Tell by its name whether a module holds values and decisions only."""
    return name in ("model", "rules", "declared") or name.endswith(("_model", "_rules"))


PURE_MODULES = [path for path in modules(*sorted(SERVICES)) if is_pure(path.stem)]


def test_the_services_are_found():
    assert {"accounts", "audit", "issues", "mail", "meetings", "operation", "videos"} == SERVICES
    assert len(PURE_MODULES) > len(SERVICES)


@pytest.mark.parametrize("path", PURE_MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_values_and_decisions_know_the_kernel_and_each_other(path: Path):
    service = path.relative_to(SOURCE).parts[0]
    for name in imported(path):
        match name.split("."):
            case ["quadrangle", "kernel", *_]:
                continue
            case ["quadrangle", room, *rest]:
                assert room == service, name
                assert any(is_pure(part) for part in rest), name
            case [library, *_]:
                assert library in sys.stdlib_module_names or library in PURE, name


def test_services_do_not_know_each_other():
    for service in SERVICES:
        for path in modules(service):
            assert known_services(path) <= {service}, path


def test_floors_below_services_know_none():
    for path in modules(*BELOW_SERVICES):
        assert known_services(path) == set(), path


def test_one_machine_learns_of_a_service_in_one_file():
    for path in modules("hosts/one_machine", "hosts/shared"):
        if path.name != "services.py":
            assert len(known_services(path)) <= 1, path


def test_routes_state_only_what_is_their_own():
    """http/routes.py says what all routes of a kind have alike."""
    methods = {f"litestar.{name}" for name in ("get", "post", "put", "patch", "delete")}
    for path in modules(*SERVICES):
        assert imported(path).isdisjoint(methods), path


def test_every_scope_of_a_route_is_declared():
    from quadrangle.hosts.one_machine.services import SCOPES

    named = {route.opt[SCOPE] for route in routes_of_one_machine() if SCOPE in route.opt}
    assert named == {scope.name for scope in SCOPES}
