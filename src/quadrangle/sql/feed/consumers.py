"""What follows the change feed: projections, and the one that has reactions called."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple, Protocol

import msgspec
import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from quadrangle.kernel.change import Change, Reaction, called
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.mail import Mail
from quadrangle.sql.base.instants import to_ms
from quadrangle.sql.jobs.jobs import Row, insert_rows

log = structlog.get_logger(__name__)

REACTIONS = "reactions"  # the cursor up to which reactions were called


class Projection(Protocol):
    """Keeps something up with the changes of some kinds, or of all: `kinds` None.

    `look` reads what it needs of the facts and makes of them what it can, on a snapshot that has
    the changes, while others write. `apply` writes what follows from them, in the transaction that
    moves the cursor `name`: so each change is applied exactly once, in order. It is short, does
    nothing but SQL, and needs no facts but those in `looked`. Facts that change between the two
    have a change record that comes later, by which they are looked at again.
    """

    name: str
    # Whether it can begin again with the first change; if not, what it has lost stays lost.
    replays: bool

    @property
    def kinds(self) -> frozenset[str] | None: ...

    def look(self, connection: Connection, changes: Sequence[Change]) -> Any: ...

    def apply(self, connection: Connection, changes: Sequence[Change], looked: Any) -> None: ...

    def clear(self, connection: Connection) -> None:
        """Forget all that was made of changes, where it replays."""
        ...


class Asked(msgspec.Struct, frozen=True):
    """A change that a reaction of that name is to be called for."""

    reaction: str
    change: Change


class Left(msgspec.Struct, frozen=True):
    """What was asked and is to be done by a job after all, that long from now."""

    asked: Asked
    wait: timedelta = timedelta(0)


class Batch(Protocol):
    """Does what some reactions do for one change, for many at once and without a job each.

    `serves` are their names. `look` and `save` are like `look` and `apply` of a projection; what
    cannot be done so, now or at all, is left to the reactions themselves.
    """

    serves: frozenset[str]

    def look(self, connection: Connection, asked: Sequence[Asked]) -> tuple[Any, list[Left]]: ...

    def save(self, connection: Connection, looked: Any) -> None: ...


# Writes the mails of one change; raises RetryLater while it is too early.
WriteMails = Callable[[Asked], Sequence[Mail]]


class MailSource(Protocol):
    """The reactions of a service that do nothing but write mails; `serves` are their names."""

    @property
    def serves(self) -> frozenset[str]: ...

    def read(self, connection: Connection, asked: Sequence[Asked]) -> WriteMails:
        """Read at once what all these mails are written from."""
        ...


class _Looked(NamedTuple):
    rows: list[Row]
    made: list[tuple[Batch, Any]]


class Reactions:
    """The projection that calls reactions: by a job for each change, or in batches."""

    name = REACTIONS
    replays = False

    def __init__(
        self, reactions: Sequence[Reaction], batches: Sequence[Batch], clock: Clock
    ) -> None:
        self._clock = clock
        served: dict[str, Batch] = {name: batch for batch in batches for name in batch.serves}
        if missing := served.keys() - {reaction.name for reaction in reactions}:
            raise ValueError(f"There are no reactions of these names: {sorted(missing)}")
        self._by_job = [each for each in reactions if each.name not in served]
        self._batches: Mapping[Batch, list[Reaction]] = {
            batch: [each for each in reactions if each.name in batch.serves] for batch in batches
        }
        self.kinds = _all_kinds(reactions)

    def look(self, connection: Connection, changes: Sequence[Change]) -> _Looked:
        rows = _rows(map(Left, _asked(self._by_job, changes)), self._clock)
        made: list[tuple[Batch, Any]] = []
        for batch, reactions in self._batches.items():
            asked = _asked(reactions, changes)
            if not asked:
                continue
            looked, left = _look(batch, connection, asked)
            if looked is not None:
                made.append((batch, looked))
            rows += _rows(left, self._clock)
        return _Looked(rows, made)

    def apply(self, connection: Connection, changes: Sequence[Change], looked: _Looked) -> None:
        if looked.rows:
            insert_rows(connection, looked.rows)
        for batch, made in looked.made:
            batch.save(connection, made)

    def clear(self, connection: Connection) -> None:
        """What was called stays called."""


def _look(batch: Batch, connection: Connection, asked: list[Asked]) -> tuple[Any, list[Left]]:
    """Return what a batch made, or None and all that was asked of it, should it break."""
    try:
        return batch.look(connection, asked)
    except SQLAlchemyError:
        raise  # the database is away, or its transaction lost: all of it begins again
    except Exception as error:
        log.error("batch failed, jobs do it", changes=len(asked), exc_info=error)
        return None, [Left(each) for each in asked]


def _asked(reactions: Sequence[Reaction], changes: Sequence[Change]) -> list[Asked]:
    return [
        Asked(reaction.name, change)
        for change in changes
        for reaction in reactions
        if reaction.answers_to(change)
    ]


def _rows(left: Any, clock: Clock) -> list[Row]:
    """Return the jobs that call reactions."""
    now = clock.now()
    payloads: dict[int, str] = {}
    rows: list[Row] = []
    for each in left:
        change = each.asked.change
        payload = payloads.get(change.seq)
        if payload is None:
            payload = payloads[change.seq] = msgspec.json.encode(change).decode()
        rows.append((called(each.asked.reaction), payload, to_ms(now + each.wait), None))
    return rows


def _all_kinds(reactions: Sequence[Reaction]) -> frozenset[str] | None:
    """Return every kind that one of them answers to, None when that is any."""
    kinds: set[str] = set()
    for reaction in reactions:
        if reaction.kinds is None:
            return None
        kinds |= reaction.kinds
    return frozenset(kinds)
