"""Parts that the host hands to route handlers."""

from typing import Any, TypeAlias, TypeVar

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import SkipValidation

T = TypeVar("T")

# The framework would check every value against its annotation on every request; ours come from
# one place, which the type checker has looked at.
Injected: TypeAlias = SkipValidation[NamedDependency[T]]


def part_of(request: Request[Any, Any, Any], kind: type[T]) -> T:
    """Return the part of that class, which the host keeps in the application's state."""
    return request.app.state[kind.__name__]
