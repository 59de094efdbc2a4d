"""Calendar feeds on DynamoDB: one item under the person, and one under the hash of the address that
leads to it."""

from collections.abc import Sequence

from quadrangle.aws.base.dynamo import ConditionFailed, Dynamo, Operation, delete, put
from quadrangle.aws.base.items import Values, struct_of, values_of
from quadrangle.aws.base.optimistic import retry_until_written
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.sign_in_changes import sign_in_changes
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.aws.meetings.keys import NEW, alone, stamp_condition
from quadrangle.aws.meetings.tables import MEETINGS
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.ids import new_id
from quadrangle.meetings.calendar.model import Feed


class DynamoFeedStore:
    """Implements meetings.calendar.ports.FeedStore.

    Changes of feeds are changes of an account, which counts its own: they take places behind those.
    """

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.of(MEETINGS)
        self._changes = tables.of(CHANGES)

    async def get(self, account_id: str) -> Feed | None:
        found = self._found(account_id)
        return None if found is None else struct_of(Feed, found)

    async def by_hash(self, token_hash: str) -> Feed | None:
        led = self._dynamo.get(self._table, _address_key(token_hash))
        feed = None if led is None else await self.get(led["accountId"])
        return feed if feed is not None and feed.token_hash == token_hash else None

    async def put(self, feed: Feed, changes: Sequence[Change]) -> None:
        retry_until_written(lambda: self._put(feed, changes))

    def _put(self, feed: Feed, changes: Sequence[Change]) -> None:
        stored = self._found(feed.account_id)
        address = {**_address_key(feed.token_hash), "accountId": feed.account_id}
        condition, given = stamp_condition(stored)
        values = {**values_of(feed), **_key(feed.account_id), "stamp": new_id()}
        try:
            self._dynamo.transact(
                put(self._table, address, f"{NEW} OR #accountId = :mine", mine=feed.account_id),
                put(self._table, values, condition, **given),
                *self._address_gone(stored, feed.token_hash),
                *sign_in_changes(self._changes, changes),
            )
        except ConditionFailed as error:
            if error.index == 0:  # hashes of secrets: it does not happen by chance
                raise Conflict() from error
            raise

    def _address_gone(self, stored: Values | None, unless: str = "") -> list[Operation]:
        if stored is None or stored["tokenHash"] == unless:
            return []
        return [delete(self._table, _address_key(stored["tokenHash"]))]

    async def remove(self, account_id: str, changes: Sequence[Change]) -> bool:
        return retry_until_written(lambda: self._remove(account_id, changes))

    def _remove(self, account_id: str, changes: Sequence[Change]) -> bool:
        stored = self._found(account_id)
        if stored is None:
            return False
        condition, given = stamp_condition(stored)
        self._dynamo.transact(
            delete(self._table, _key(account_id), condition, **given),
            *self._address_gone(stored),
            *sign_in_changes(self._changes, changes),
        )
        return True

    def _found(self, account_id: str) -> Values | None:
        return self._dynamo.get(self._table, _key(account_id))


def _key(account_id: str) -> Values:
    return alone("feed", account_id)


def _address_key(token_hash: str) -> Values:
    return alone("feed-address", token_hash)
