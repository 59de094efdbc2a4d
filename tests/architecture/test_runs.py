"""What `make test` runs and what it leaves to `make test-deep`, where a marker alone is not it."""

import ast
from collections.abc import Iterator
from pathlib import Path

from quadrangle.hosts.one_machine.pages import WEB

JOURNEYS = Path(__file__).parents[1] / "journeys"
# At any address where nothing is.
NOT_FOUND = "/no-such-page"
# Where the journeys that begin at /sign-up go on, by a step they share.
GONE_ON_TO = {"/confirm"}


def pages() -> set[str]:
    """Return the addresses of all pages."""
    found = [path.relative_to(WEB).with_suffix("") for path in WEB.rglob("*.html")]
    special = {"/index": "/", "/not-found": NOT_FOUND}
    named = [f"/{path}" for path in found if path.parts[0] != "vendor"]
    return {special.get(name, name) for name in named}


def texts(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value


def texts_of_smoke(tree: ast.Module) -> Iterator[str]:
    """Yield the texts in journeys that are marked `smoke`, and parameters that are."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            if any(ast.unparse(mark) == "pytest.mark.smoke" for mark in node.decorator_list):
                yield from texts(node)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "smoke":
            yield from texts(node)


def test_every_page_has_a_journey_that_each_change_makes():
    trees = [ast.parse(path.read_text()) for path in JOURNEYS.rglob("test_*.py")]
    visited = {text.partition("?")[0] for tree in trees for text in texts_of_smoke(tree)}
    assert pages() - visited == GONE_ON_TO
