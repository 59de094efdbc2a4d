"""What handlers are given is what they say they take: the framework does not check it."""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from litestar.di import Dependency

from quadrangle.hosts.lambdas.services import HOSTS
from quadrangle.http.asking.auth import provide_principal
from quadrangle.http.common import INJECTED, OF_REQUEST
from tests.applications import groups_of_one_machine


class Taking(msgspec.Struct, frozen=True):
    """A handler, and what else than facades its service provides for it."""

    handler: Any
    providers: dict[str, Any]


@cache
def known() -> dict[str, Any]:
    """Return the class that each name stands for, on either wing."""
    found = {**INJECTED, **OF_REQUEST}
    for facade in facades():
        assert found.setdefault(facade.injected_as, facade) is facade
    return found


def facades() -> Iterator[Any]:
    for group in groups_of_one_machine():
        yield from map(type, group.facades)
    for host in HOSTS:
        if described := host.described():
            yield from described.facades


@cache
def handlers() -> list[Taking]:
    """Return the handlers of both wings."""
    found: dict[int, Taking] = {}
    described = [each for host in HOSTS if (each := host.described())]
    for group in [*groups_of_one_machine(), *described]:
        for route in group.routes:
            own = {**group.dependencies, **(route.dependencies or {})}
            found[id(route)] = Taking(route, own)
    return list(found.values())


def injected(function: Any) -> dict[str, Any]:
    """Return the parameters of a function that the host fills, with their classes."""
    found = {}
    for name, kind in get_type_hints(function, include_extras=True).items():
        if get_origin(kind) is Annotated and any(isinstance(m, Dependency) for m in get_args(kind)):
            found[name] = get_args(kind)[0]
    return found


def test_each_part_a_handler_takes_has_the_class_its_name_stands_for():
    taken = 0
    for each in handlers():
        for name, kind in injected(each.handler.fn).items():
            given = known().get(name)
            if given is None:
                given = get_type_hints(each.providers[name].dependency)["return"]
            assert kind == given, f"{name} of {each.handler}"
            taken += 1
    assert taken > len(handlers())


def test_so_has_each_part_that_is_taken_to_provide_for_handlers():
    providers = {name: p.dependency for each in handlers() for name, p in each.providers.items()}
    assert providers.keys().isdisjoint(known())
    for provider in [*providers.values(), provide_principal]:
        for name, kind in injected(provider).items():
            assert known()[name] == kind, f"{name} of {provider}"
