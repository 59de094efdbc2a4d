"""Sign-ins that have not ended, and one-time tokens that were used, on DynamoDB.

A sign-in is an item under its own id. Another, in the holder's list, leads to it; it is written
once and stays until no refreshing can make the sign-in last longer, so that a refresh writes one
item. What it leads to may have ended.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from quadrangle.accounts.model import Session
from quadrangle.accounts.tokens.session_rules import LONGEST_SESSION
from quadrangle.aws.accounts.tables import ACCOUNTS
from quadrangle.aws.base.dynamo import ConditionFailed, Dynamo, Query, delete, put
from quadrangle.aws.base.items import Values, struct_of, values_of
from quadrangle.aws.base.lone_items import NEW, alone, second_after, stamp_condition
from quadrangle.aws.base.optimistic import retry_until_written
from quadrangle.aws.base.tables import EXPIRES, Tables
from quadrangle.aws.feed.sign_in_changes import sign_in_changes
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.ids import new_id

# Sign-ins ended in one write: each is two of the hundred operations of a transaction.
AT_ONCE = 40


class DynamoSessionStore:
    """Implements accounts.ports.SessionStore."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._tables = tables

    async def add(self, session: Session, now: datetime) -> None:
        self._dynamo.transact(
            put(self._tables.of(ACCOUNTS), _values(session), NEW),
            put(self._tables.of(ACCOUNTS), _listed(session)),
        )

    async def get(self, sid: str) -> Session | None:
        found = self._found(sid)
        return None if found is None else _session(found)

    async def of_holder(self, holder: str) -> list[Session]:
        keys = [_key(sid) for sid in self._listed_ids(holder)]
        found = self._dynamo.get_many(self._tables.of(ACCOUNTS), keys, consistent=True)
        sessions = [_session(values) for values in found]
        by_id = sorted(sessions, key=lambda session: session.sid)
        return sorted(by_id, key=lambda session: session.seen_at, reverse=True)

    async def update(
        self, sid: str, decide: Callable[[Session], Session], now: datetime
    ) -> Session | None:
        return retry_until_written(lambda: self._update(sid, decide))

    def _update(self, sid: str, decide: Callable[[Session], Session]) -> Session | None:
        found = self._found(sid)
        if found is None:
            return None
        before = _session(found)
        after = decide(before)
        if after != before:
            condition, given = stamp_condition(found)
            self._dynamo.transact(
                put(self._tables.of(ACCOUNTS), _values(after), condition, **given)
            )
        return after

    async def end(self, sid: str, changes: Sequence[Change]) -> bool:
        return retry_until_written(lambda: self._end(sid, changes))

    def _end(self, sid: str, changes: Sequence[Change]) -> bool:
        found = self._found(sid)
        if found is None:
            return False
        self._dynamo.transact(
            delete(self._tables.of(ACCOUNTS), _key(sid), "attribute_exists(#key)"),
            delete(self._tables.of(ACCOUNTS), _list_key(found["holder"], sid)),
            *sign_in_changes(self._tables.of(CHANGES), changes),
        )
        return True

    async def end_all(self, holder: str, changes: Sequence[Change]) -> None:
        """The changes are written with the last ones: whoever is stopped before begins again."""
        ids = list(self._listed_ids(holder))
        while len(ids) > AT_ONCE:
            self._remove(holder, ids[:AT_ONCE], [])
            ids = ids[AT_ONCE:]
        retry_until_written(lambda: self._remove(holder, ids, changes))

    def _remove(self, holder: str, ids: Sequence[str], changes: Sequence[Change]) -> None:
        keys = [key for sid in ids for key in (_key(sid), _list_key(holder, sid))]
        operations = [delete(self._tables.of(ACCOUNTS), key) for key in keys]
        operations += sign_in_changes(self._tables.of(CHANGES), changes)
        if operations:
            self._dynamo.transact(*operations)

    def _found(self, sid: str) -> Values | None:
        return self._dynamo.get(self._tables.of(ACCOUNTS), _key(sid))

    def _listed_ids(self, holder: str) -> Iterator[str]:
        name = _list_key(holder, "")["key"]
        for each in self._dynamo.query(
            Query(self._tables.of(ACCOUNTS), "#key = :key", {"key": name})
        ):
            yield each["part"]


def _key(sid: str) -> Values:
    return alone("session", sid)


def _list_key(holder: str, sid: str) -> Values:
    return {"key": f"sessions#{holder}", "part": sid}


def _values(session: Session) -> Values:
    # `expiresAt` is what DynamoDB removes items by: the instant itself is `until`
    fields = {**values_of(session), "until": session.expires_at}
    expires = second_after(from_text(session.expires_at))
    return {**fields, **_key(session.sid), "stamp": new_id(), EXPIRES: expires}


def _session(values: Values) -> Session:
    return struct_of(Session, {**values, "expiresAt": values["until"]})


def _listed(session: Session) -> Values:
    longest = second_after(from_text(session.created_at) + LONGEST_SESSION)
    return {**_list_key(session.holder, session.sid), EXPIRES: longest}


class DynamoUsedTokens:
    """Implements accounts.ports.UsedTokens."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.of(ACCOUNTS)

    async def use(self, token_id: str, until: datetime, now: datetime) -> bool:
        values = {
            **alone("used", token_id),
            "until": to_text(until),
            EXPIRES: second_after(until),
        }
        again = f"{NEW} OR #until <= :now"
        try:
            self._dynamo.transact(put(self._table, values, again, now=to_text(now)))
        except ConditionFailed:
            return False
        return True
