"""What handlers are given is what they say they take: the framework does not check it."""

from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest
from litestar.di import Dependency

from quadrangle.hosts.lambdas.base import description
from quadrangle.hosts.one_machine import server
from quadrangle.http.auth import provide_principal
from quadrangle.http.common import INJECTED, OF_REQUEST
from quadrangle.http.live import LiveFeed

FACADES = [*description.FACADES, LiveFeed]
KNOWN = {**INJECTED, **OF_REQUEST, **{facade.injected_as: facade for facade in FACADES}}
ROUTES = {id(route): route for route in [*server.ROUTES, *description.ROUTES]}


def injected(function: Any) -> dict[str, Any]:
    """Return the parameters of a function that the host fills, with their classes."""
    found = {}
    for name, kind in get_type_hints(function, include_extras=True).items():
        if get_origin(kind) is Annotated and any(isinstance(m, Dependency) for m in get_args(kind)):
            found[name] = get_args(kind)[0]
    return found


def provided(route: Any) -> dict[str, Any]:
    """Return what else provides for a route: its service's dependencies, and its own."""
    return {**description.DEPENDENCIES, **(route.dependencies or {})}


@pytest.mark.parametrize("route", ROUTES.values(), ids=lambda route: route.fn.__name__)
def test_each_part_has_the_class_its_name_stands_for(route: Any):
    own = provided(route)
    wanted = injected(route.fn)
    for name, kind in wanted.items():
        if name in own:
            assert get_type_hints(own[name].dependency)["return"] == kind, name
        else:
            assert KNOWN[name] == kind, name


def test_what_provides_for_routes_takes_such_parts_too():
    own = {name: each for route in ROUTES.values() for name, each in provided(route).items()}
    assert own.keys().isdisjoint(KNOWN)
    for provider in [*own.values(), provide_principal]:
        for name, kind in injected(getattr(provider, "dependency", provider)).items():
            assert KNOWN[name] == kind, name


def test_every_facade_has_a_name_of_its_own():
    assert len(KNOWN) == len(INJECTED) + len(OF_REQUEST) + len(FACADES)
