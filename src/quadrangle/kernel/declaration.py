"""What a service says of itself to those that must not know it: hosts hand it over."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from quadrangle.kernel.principal import Role

Data = Mapping[str, Any]


class Scope(msgspec.Struct, frozen=True):
    """Something an API key may be let do, and the role it has while it does it."""

    name: str
    role: Role = Role.STAFF


class AuditDetails(msgspec.Struct, frozen=True):
    """What the audit keeps of a service's changes.

    `always` are beginnings of the kinds that are kept whoever was behind them; of all others, what
    someone signed in did. `names` say what of a change's data a record holds, by kind or by the
    beginning of one: nothing that names a person, and no text somebody typed. `computed` returns
    what it holds besides, by kind. Records already written are checked by this: it may gain kinds,
    but of those it has nothing may change.
    """

    always: tuple[str, ...] = ()
    names: Mapping[str, tuple[str, ...]] = {}
    computed: Mapping[str, Callable[[Data], dict[str, Any]]] = {}


class Declaration(msgspec.Struct, frozen=True):
    """All of it.

    `open_paths` are addresses outside /api that pages of any origin may read, `paths` its others
    there; one that ends in a slash stands for all that begin so. What comes after one of
    `secret_paths` is a secret: no log has it.
    """

    open_paths: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    secret_paths: tuple[str, ...] = ()
    scopes: tuple[Scope, ...] = ()
    audit: AuditDetails = AuditDetails()
