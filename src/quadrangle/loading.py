"""Loading modules quickly: without the garbage collector's interruptions, and none for nothing."""

import contextlib
import gc
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector still: modules make many objects, all to stay, and hardly a cycle.

    Saves a sixth of the time a start takes.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def postpone(name: str) -> None:
    """Have a top-level module loaded when one of its attributes is first used.

    For what a library imports at its top (`import x`) and uses in calls that we never make. Does
    nothing where the module is loaded already or not installed. (The standard library's LazyLoader
    is no help: in Python 3.11 `import x` itself looks at an attribute of what it finds.)
    """
    if name in sys.modules or find_spec(name) is None:
        return
    stand_in = ModuleType(name)

    def load(attribute: str) -> Any:
        if sys.modules.get(name) is stand_in:
            del sys.modules[name]
        return getattr(import_module(name), attribute)

    vars(stand_in)["__getattr__"] = load  # is asked for attributes that are missing: PEP 562
    sys.modules[name] = stand_in


def leave_out(name: str) -> None:
    """Have a module count as not installed: for what a library imports at its top if it can, and
    does as well without. Does nothing where the module is loaded already."""
    sys.modules.setdefault(name, None)  # pyright: ignore[reportArgumentType] - import then fails
