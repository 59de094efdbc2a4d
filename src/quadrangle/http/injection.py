"""What the host hands to route handlers."""

from collections.abc import Iterable
from typing import Any, ClassVar, Protocol, TypeAlias, TypeVar

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import SkipValidation

T = TypeVar("T")

# The framework would check every value against its annotation on every request; ours come from
# one place, which the type checker has looked at.
Injected: TypeAlias = SkipValidation[NamedDependency[T]]


class Facade(Protocol):
    """A service as handlers take it: by its class, as the parameter that `injected_as` names."""

    injected_as: ClassVar[str]


def by_name(facades: Iterable[Facade]) -> dict[str, Facade]:
    """Return facades by the names of their parameters. Raises ValueError when two share one."""
    named: dict[str, Facade] = {}
    for facade in facades:
        if named.setdefault(facade.injected_as, facade) is not facade:
            raise ValueError(f"Two facades are injected as {facade.injected_as}.")
    return named


def part_of(request: Request[Any, Any, Any], kind: type[T]) -> T:
    """Return the part of that class, which the host keeps in the application's state."""
    return request.app.state[kind.__name__]
