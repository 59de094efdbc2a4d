"""What a service brings to functions that are not its own: those of the change feed, and what
describes all calls."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from quadrangle.hosts.lambdas.base.parts import FunctionParts
from quadrangle.kernel.change import Reaction
from quadrangle.kernel.declaration import Declaration
from quadrangle.kernel.mail import MailQueue

if TYPE_CHECKING:
    from litestar.di import Provide

    from quadrangle.http.injection import Facade


class Described(msgspec.Struct, frozen=True):
    """The routes of a service, and by what their handlers are filled when they run."""

    routes: Sequence[Any]
    facades: "Sequence[type[Facade]]"
    dependencies: "Mapping[str, Provide]" = {}


class ServiceHost:
    """A service on AWS. It overrides what it has; of the rest it has nothing.

    What a method needs it imports itself: most functions ask for what services declare alone.
    """

    declared: ClassVar[Declaration]
    is_optional: ClassVar[bool] = False  # it may be missing from an installation

    def reactions(self, parts: FunctionParts, mail: MailQueue) -> Sequence[Reaction]:
        """Return its reactions to changes; deploy/aws/inventory says which function runs which."""
        return ()

    def described(self) -> Described | None:
        """Return what the description of the API tells of it."""
        return None
