"""What a service brings to the processes of one machine."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from quadrangle.hosts.one_machine.settings import Settings
from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.declaration import Declaration
from quadrangle.kernel.jobs import Handler, RetryPolicy
from quadrangle.sql.feed.consumers import Batch, Projection

if TYPE_CHECKING:
    from quadrangle.hosts.shared.http_app import RouteGroup
    from quadrangle.hosts.shared.mounts import Mount
    from quadrangle.http.common import Common
    from quadrangle.http.metrics import Figure


class Listener(msgspec.Struct, frozen=True):
    """What the server calls for every change of these kinds, whichever process made it."""

    kinds: frozenset[str]
    hear: Callable[[Change], None]


class Task(msgspec.Struct, frozen=True):
    """What the worker calls for a job, and how a failed one is tried again."""

    handle: Handler
    policy: RetryPolicy = RetryPolicy()


class ServiceHost:
    """A service on this machine. It overrides what it has; of the rest it has nothing.

    Making one touches nothing yet. Only what the server asks for may import the HTTP framework, and
    only when it is called: the worker and the commands start without.
    """

    declared: ClassVar[Declaration]
    # The names of its projections, known without making them.
    consumers: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def check_settings(cls, settings: Settings) -> None:
        """Raise SettingsError when the service could not do its work as the settings say."""

    # -- the server ---------------------------------------------------------------------------

    async def first_start(self) -> list[str]:
        """Make what must be there before the first request; return lines to show once.

        May be called by several processes at once. Raises InvalidInput, KeysUnusable, Unavailable.
        """
        return []

    def http(self, common: "Common") -> "RouteGroup | None":
        """Return its routes with all that they need."""
        return None

    def mounts(self, common: "Common") -> "Sequence[Mount]":
        """Return what answers its requests before the framework does."""
        return ()

    def aliases(self) -> Mapping[str, str]:
        """Return addresses that stand for others of its own (see mounts.with_mounts)."""
        return {}

    def listeners(self) -> Sequence[Listener]:
        return ()

    def figures(self) -> "Sequence[Figure]":
        """Return what it adds to the metrics."""
        return ()

    def embeds(self) -> Mapping[str, str]:
        """Return pages by their addresses, and the origin whose scripts and frames each may load
        besides ours."""
        return {}

    def errands(self) -> Sequence[Callable[[], Coroutine[Any, Any, None]]]:
        """Return what goes on for as long as the server runs, each until it is cancelled."""
        return ()

    # -- the worker ---------------------------------------------------------------------------

    def reactions(self) -> Sequence[Reaction]:
        return ()

    def batches(self) -> Sequence[Batch]:
        """Return what does some of its reactions for many changes at once."""
        return ()

    def projections(self) -> Sequence[Projection]:
        return ()

    def tasks(self) -> Mapping[str, Task]:
        """Return what handles its jobs, by their functions."""
        return {}

    # -- commands -----------------------------------------------------------------------------

    def integrity(self) -> Mapping[str, str]:
        """Return statements for sql.base.integrity.check_database."""
        return {}

    async def check(self) -> list[str]:
        """Return a sentence for each thing that is wrong. Raises KeysUnusable, Unavailable."""
        return []

    async def notes(self) -> list[str]:
        """Return a sentence for what is worth knowing though all is well. Raises like `check`."""
        return []

    async def rebuild(self) -> list[str]:
        """Make anew what follows from other records; return what to print. Raises Unavailable."""
        return []

    # -- all of them --------------------------------------------------------------------------

    async def close(self) -> None:
        """Let go of what was made. The database is still open."""
