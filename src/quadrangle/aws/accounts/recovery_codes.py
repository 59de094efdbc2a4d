"""Hashes of recovery codes on DynamoDB: those of an account are one item."""

from collections.abc import Sequence

from quadrangle.aws.accounts.tables import ACCOUNTS
from quadrangle.aws.base.dynamo import Dynamo, delete, put
from quadrangle.aws.base.items import Values
from quadrangle.aws.base.lone_items import alone, stamp_condition
from quadrangle.aws.base.optimistic import retry_until_written
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.sign_in_changes import sign_in_changes
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.kernel.change import Change
from quadrangle.kernel.ids import new_id


class DynamoRecoveryCodes:
    """Implements accounts.recovery.RecoveryCodes."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.of(ACCOUNTS)
        self._changes = tables.of(CHANGES)

    async def replace(
        self, account_id: str, hashes: Sequence[str], changes: Sequence[Change] = ()
    ) -> None:
        written = delete(self._table, _key(account_id))
        if hashes:
            written = put(self._table, _values(account_id, list(hashes)))
        retry_until_written(
            lambda: self._dynamo.transact(written, *sign_in_changes(self._changes, changes))
        )

    async def use(self, account_id: str, code_hash: str) -> bool:
        return retry_until_written(lambda: self._use(account_id, code_hash))

    def _use(self, account_id: str, code_hash: str) -> bool:
        found = self._found(account_id)
        if found is None or code_hash not in found["hashes"]:
            return False
        left = [each for each in found["hashes"] if each != code_hash]
        condition, given = stamp_condition(found)
        self._dynamo.transact(put(self._table, _values(account_id, left), condition, **given))
        return True

    async def count(self, account_id: str) -> int:
        found = self._found(account_id)
        return 0 if found is None else len(found["hashes"])

    def _found(self, account_id: str) -> Values | None:
        return self._dynamo.get(self._table, _key(account_id))


def _key(account_id: str) -> Values:
    return alone("recovery", account_id)


def _values(account_id: str, hashes: list[str]) -> Values:
    return {**_key(account_id), "hashes": hashes, "stamp": new_id()}
