"""Tallies of wrong tries on DynamoDB."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from quadrangle.accounts.model import Tally
from quadrangle.accounts.sign_in.lockout_rules import Tallies, TryOutcome
from quadrangle.aws.accounts.tables import ACCOUNTS
from quadrangle.aws.base.dynamo import Dynamo, Operation, check, delete, put
from quadrangle.aws.base.items import Values
from quadrangle.aws.base.lone_items import alone, second_after, stamp_condition
from quadrangle.aws.base.optimistic import retry_until_written
from quadrangle.aws.base.tables import EXPIRES, Tables
from quadrangle.aws.feed.sign_in_changes import sign_in_changes
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.kernel.clock import Clock, from_text, to_text
from quadrangle.kernel.ids import new_id


class DynamoAttemptStore:
    """Implements accounts.ports.AttemptStore."""

    def __init__(self, dynamo: Dynamo, tables: Tables, clock: Clock) -> None:
        self._dynamo = dynamo
        self._tables = tables
        self._clock = clock

    async def load(self, keys: Sequence[str]) -> Tallies:
        return _tallies(self._stored(keys), self._clock.now())

    async def update(
        self, keys: Sequence[str], decide: Callable[[Tallies], TryOutcome], now: datetime
    ) -> TryOutcome:
        return retry_until_written(lambda: self._update(keys, decide, now))

    def _update(
        self, keys: Sequence[str], decide: Callable[[Tallies], TryOutcome], now: datetime
    ) -> TryOutcome:
        stored = self._stored(keys)
        outcome = decide(_tallies(stored, now))
        if outcome.tallies or outcome.changes:
            self._dynamo.transact(
                *(self._operation(key, values, outcome) for key, values in stored.items()),
                *sign_in_changes(self._tables.of(CHANGES), outcome.changes),
            )
        return outcome

    def _stored(self, keys: Sequence[str]) -> dict[str, Values | None]:
        """Return the item of each key as written last, also when its time is over."""
        by_item = {_tally_key(key)["key"]: key for key in keys}
        found = self._dynamo.get_many(
            self._tables.of(ACCOUNTS),
            [_tally_key(key) for key in by_item.values()],
            consistent=True,
        )
        items = {by_item[values["key"]]: values for values in found}
        return {key: items.get(key) for key in by_item.values()}

    def _operation(self, key: str, before: Values | None, outcome: TryOutcome) -> Operation:
        """Return what writes or removes a tally, or only makes sure that nobody else wrote it."""
        condition, given = stamp_condition(before)
        table = self._tables.of(ACCOUNTS)
        if key not in outcome.tallies:
            return check(table, _tally_key(key), condition, **given)
        tally = outcome.tallies[key]
        if tally is None:
            return delete(table, _tally_key(key), condition, **given)
        return put(table, _values(key, tally), condition, **given)


def _tally_key(key: str) -> Values:
    return alone("tally", key)


def _values(key: str, tally: Tally) -> Values:
    locked_until = tally.locked_until
    return {
        **_tally_key(key),
        "failures": tally.failures,
        "since": to_text(tally.since),
        "forgetAt": to_text(tally.forget_at),
        "lockedUntil": None if locked_until is None else to_text(locked_until),
        "stamp": new_id(),
        EXPIRES: second_after(tally.forget_at),
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
