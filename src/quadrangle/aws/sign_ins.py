"""Tallies of wrong tries, and sessions signed out, on DynamoDB.

Items carry the second after which DynamoDB may remove them, which it does within days. So readers
look at the time themselves and take what is over for gone.
"""

import math
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from quadrangle.accounts.lockout_rules import Outcome, Tallies
from quadrangle.accounts.model import Tally
from quadrangle.aws.dynamo import Dynamo, Operation, check, delete, put
from quadrangle.aws.items import Values
from quadrangle.aws.optimistic import until_won
from quadrangle.aws.sign_in_changes import sign_in_changes
from quadrangle.aws.tables import EXPIRES, ONLY_PART, Tables
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock, from_text, to_text
from quadrangle.kernel.ids import new_id

_NEW = "attribute_not_exists(#key)"


class DynamoAttemptStore:
    """Implements accounts.ports.AttemptStore.

    Every writing of a tally gives it a new stamp. A count of writings would not do: a tally that
    was removed and made anew could have the number somebody read before.
    """

    def __init__(self, dynamo: Dynamo, tables: Tables, clock: Clock) -> None:
        self._dynamo = dynamo
        self._tables = tables
        self._clock = clock

    async def load(self, keys: Sequence[str]) -> Tallies:
        return _tallies(self._stored(keys), self._clock.now())

    async def update(
        self, keys: Sequence[str], decide: Callable[[Tallies], Outcome], now: datetime
    ) -> Outcome:
        return until_won(lambda: self._update(keys, decide, now))

    def _update(
        self, keys: Sequence[str], decide: Callable[[Tallies], Outcome], now: datetime
    ) -> Outcome:
        stored = self._stored(keys)
        outcome = decide(_tallies(stored, now))
        if outcome.tallies or outcome.changes:
            self._dynamo.transact(
                *(self._operation(key, values, outcome) for key, values in stored.items()),
                *sign_in_changes(self._tables.changes, outcome.changes, now),
            )
        return outcome

    def _stored(self, keys: Sequence[str]) -> dict[str, Values | None]:
        """Return the item of each key as written last, also when its time is over."""
        by_item = {_tally_key(key)["key"]: key for key in keys}
        found = self._dynamo.get_many(
            self._tables.accounts, [_tally_key(key) for key in by_item.values()], consistent=True
        )
        items = {by_item[values["key"]]: values for values in found}
        return {key: items.get(key) for key in by_item.values()}

    def _operation(self, key: str, before: Values | None, outcome: Outcome) -> Operation:
        """Return what writes or removes a tally, or only makes sure that nobody else wrote it."""
        condition, given = _NEW, {}
        if before is not None:
            condition, given = "#stamp = :stamp", {"stamp": before["stamp"]}
        table = self._tables.accounts
        if key not in outcome.tallies:
            return check(table, _tally_key(key), condition, **given)
        tally = outcome.tallies[key]
        if tally is None:
            return delete(table, _tally_key(key), condition, **given)
        return put(table, _values(key, tally), condition, **given)


def _tally_key(key: str) -> Values:
    return {"key": f"tally#{key}", "part": ONLY_PART}


def _values(key: str, tally: Tally) -> Values:
    locked_until = tally.locked_until
    return {
        **_tally_key(key),
        "failures": tally.failures,
        "since": to_text(tally.since),
        "forgetAt": to_text(tally.forget_at),
        "lockedUntil": None if locked_until is None else to_text(locked_until),
        "stamp": new_id(),
        EXPIRES: _second_after(tally.forget_at),
    }


def _tallies(stored: dict[str, Values | None], now: datetime) -> dict[str, Tally]:
    found = {key: _tally(values) for key, values in stored.items() if values is not None}
    return {key: tally for key, tally in found.items() if tally.forget_at > now}


def _tally(values: Values) -> Tally:
    locked_until: Any = values.get("lockedUntil")
    return Tally(
        values["failures"],
        since=from_text(values["since"]),
        forget_at=from_text(values["forgetAt"]),
        locked_until=None if locked_until is None else from_text(locked_until),
    )


def _second_after(instant: datetime) -> int:
    return math.ceil(instant.timestamp())


class DynamoSessionStore:
    """Implements accounts.ports.SessionStore."""

    def __init__(self, dynamo: Dynamo, tables: Tables, clock: Clock) -> None:
        self._dynamo = dynamo
        self._tables = tables
        self._clock = clock

    async def has_ended(self, sid: str) -> bool:
        return self._is_remembered(sid, self._clock.now())

    async def end(
        self, sid: str, until: datetime, now: datetime, changes: Sequence[Change]
    ) -> None:
        values = {**_session_key(sid), "until": to_text(until), EXPIRES: _second_after(until)}
        again = f"{_NEW} OR #until <= :now"

        def attempt() -> None:
            if self._is_remembered(sid, now):
                return
            self._dynamo.transact(
                put(self._tables.accounts, values, again, now=to_text(now)),
                *sign_in_changes(self._tables.changes, changes, now),
            )

        until_won(attempt)

    def _is_remembered(self, sid: str, now: datetime) -> bool:
        found = self._dynamo.get(self._tables.accounts, _session_key(sid))
        return found is not None and found["until"] > to_text(now)


def _session_key(sid: str) -> Values:
    return {"key": f"session#{sid}", "part": ONLY_PART}
