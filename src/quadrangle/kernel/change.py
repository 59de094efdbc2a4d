"""The change record: what was written, saved with it, and what everything else reacts to."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

import msgspec

from quadrangle.kernel.jobs import BatchHandler, GiveUp, GoOn, Handler, Job


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


# Does a part of what follows a change, from the place where the part before it ended (None: from
# the beginning), and returns where it ended itself, None once all is done. Any may be repeated.
Part = Callable[[Change, str | None], Awaitable[str | None]]


class Reaction(msgspec.Struct, frozen=True):
    """A function called at least once for each change it answers to; it is safe to repeat.

    `name` is unique and stable: pending calls are found by it after a restart. It answers to
    changes of its `kinds`, or of all: `kinds` None, and of these to those that `wants` picks.
    One whose work grows with what is stored can be done by its `part` instead; one that does more
    at once for less, by `together`, which an error of leaves to `handle`.
    """

    name: str
    kinds: frozenset[str] | None
    handle: Callable[[Change], Awaitable[None]]
    wants: Callable[[Change], bool] | None = None
    part: Part | None = None
    together: Callable[[Sequence[Change]], Awaitable[None]] | None = None

    def answers_to(self, change: Change) -> bool:
        """Tell whether the change is one to be called for."""
        of_kind = self.kinds is None or change.kind in self.kinds
        return of_kind and (self.wants is None or self.wants(change))


def in_parts(
    name: str,
    kinds: frozenset[str],
    part: Part,
    wants: Callable[[Change], bool] | None = None,
) -> Reaction:
    """Return a reaction to changes of these kinds that is done in parts, or as a whole: all parts
    one after another."""

    async def whole(change: Change) -> None:
        place = await part(change, None)
        while place is not None:
            place = await part(change, place)

    return Reaction(name, kinds, whole, wants, part)


def called(name: str) -> str:
    """Return the job function that a reaction of that name is called by."""
    return f"reaction:{name}"


def function_of(reaction: Reaction) -> str:
    """Return the job function a reaction is called by."""
    return called(reaction.name)


_PLACE = "place"  # in the payload of a job that goes on with a reaction, beside its change


def handler_of(reaction: Reaction) -> Handler:
    """Return the handler of the jobs a reaction is called by; their payload is the change."""

    async def handle(job: Job) -> None:
        await reaction.handle(_change(job))

    return handle


def handler_in_parts(reaction: Reaction) -> Handler:
    """Return the same for hosts where a call must be short: of a reaction in parts a job does one,
    and goes on with the next by GoOn."""
    part = reaction.part
    if part is None:
        return handler_of(reaction)

    async def handle(job: Job) -> None:
        place = await part(_change(job), job.payload.get(_PLACE))
        if place is not None:
            raise GoOn({**job.payload, _PLACE: place})

    return handle


def batch_handlers(*reactions: Reaction) -> dict[str, BatchHandler]:
    """Return by their functions what does several jobs of a reaction at once, where one can."""
    return {
        function_of(each): _batch_handler(each.together)
        for each in reactions
        if each.together is not None
    }


def _batch_handler(together: Callable[[Sequence[Change]], Awaitable[None]]) -> BatchHandler:
    async def handle(jobs: Sequence[Job]) -> None:
        await together([_change(each) for each in jobs])

    return handle


def _change(job: Job) -> Change:
    try:
        return msgspec.convert(job.payload, Change)
    except msgspec.ValidationError as error:
        raise GiveUp("The payload of this job is not a change.") from error
