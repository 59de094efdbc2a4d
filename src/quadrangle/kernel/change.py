"""The change record: what was written, saved with it, and what everything else reacts to."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import msgspec

from quadrangle.kernel.jobs import GiveUp, Handler, Job


class Change(msgspec.Struct, frozen=True):
    """One change of one subject.

    `seq` is 0 until the store has given it its place in the feed; it grows with commit order.
    `subject` is the id of what changed, `data` what readers need to know about it (old and new
    values by field), `actor` the name shown to people, `at` an instant as `clock.to_text` writes,
    `origin` the network address an actor who is signed in acted from.
    """

    kind: str
    subject: str
    data: dict[str, Any]
    actor: str
    at: str
    actor_id: str | None = None
    origin: str | None = None
    seq: int = 0


class ChangeLog(Protocol):
    """Writes down acts that change nothing else, such as taking a copy of a list."""

    async def add(self, *changes: Change) -> None:
        """Save the changes. Raises Unavailable."""
        ...


class Reaction(msgspec.Struct, frozen=True):
    """A function called at least once for each change it answers to; it is safe to repeat.

    `name` is unique and stable: pending calls are found by it after a restart. It answers to
    changes of its `kinds`, or of all: `kinds` None, and of these to those that `wants` picks.
    """

    name: str
    kinds: frozenset[str] | None
    handle: Callable[[Change], Awaitable[None]]
    wants: Callable[[Change], bool] | None = None

    def answers_to(self, change: Change) -> bool:
        """Tell whether the change is one to be called for."""
        of_kind = self.kinds is None or change.kind in self.kinds
        return of_kind and (self.wants is None or self.wants(change))


def called(name: str) -> str:
    """Return the job function that a reaction of that name is called by."""
    return f"reaction:{name}"


def function_of(reaction: Reaction) -> str:
    """Return the job function a reaction is called by."""
    return called(reaction.name)


def handler_of(reaction: Reaction) -> Handler:
    """Return the handler of the jobs a reaction is called by; their payload is the change."""

    async def handle(job: Job) -> None:
        try:
            change = msgspec.convert(job.payload, Change)
        except msgspec.ValidationError as error:
            raise GiveUp("The payload of this job is not a change.") from error
        await reaction.handle(change)

    return handle
