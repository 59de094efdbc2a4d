"""Parts that take long to make and that many a process never needs."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

T = TypeVar("T")


class _Lazily:
    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def __getattr__(self, name: str) -> Any:
        # only asked for what is not here yet; kept, so that it is asked once
        found = getattr(self._made(), name)
        self.__dict__[name] = found
        return found

    def _made(self) -> Any:
        if "_part" not in self.__dict__:
            self._part = self._make()
        return self._part


def lazily(make: Callable[[], T]) -> T:
    """Return what stands for the part `make` returns, and makes it when its attributes are used.

    For parts that are used through methods which stay the same; what `make` raises, the first use
    raises, and the next one tries again.
    """
    return cast(T, _Lazily(make))
