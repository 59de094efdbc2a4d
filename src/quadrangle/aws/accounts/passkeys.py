"""Passkeys on DynamoDB.

A passkey is an item under its own id, which a sign-in names. Another, in its account's list, leads
to it: by a hash, as ids can be longer than a sort key.
"""

import hashlib
from collections.abc import Callable, Sequence

from quadrangle.accounts.model import Account
from quadrangle.accounts.own.passkey_model import Passkey
from quadrangle.accounts.own.passkey_ports import PasskeyKnown
from quadrangle.accounts.ports import Decide
from quadrangle.aws.accounts.store import DynamoAccountStore
from quadrangle.aws.accounts.tables import ACCOUNTS
from quadrangle.aws.base.dynamo import Dynamo, Operation, Query, delete, put
from quadrangle.aws.base.items import Values, struct_of, values_of
from quadrangle.aws.base.lone_items import NEW, alone, stamp_condition
from quadrangle.aws.base.optimistic import retry_until_written
from quadrangle.aws.base.tables import Tables
from quadrangle.kernel.ids import new_id


class DynamoPasskeyStore:
    """Implements accounts.passkey_ports.PasskeyStore."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.of(ACCOUNTS)
        self._accounts = DynamoAccountStore(dynamo, tables)

    async def get(self, passkey_id: str) -> Passkey | None:
        found = self._found(passkey_id)
        return None if found is None else struct_of(Passkey, found)

    async def of_account(self, account_id: str) -> list[Passkey]:
        keys = [_key(each["passkeyId"]) for each in self._listed(account_id)]
        found = self._dynamo.get_many(self._table, keys, consistent=True)
        passkeys = [struct_of(Passkey, values) for values in found]
        return sorted(passkeys, key=lambda passkey: (passkey.created_at, passkey.passkey_id))

    async def add(self, passkey: Passkey, decide: Decide) -> Account:
        def operations() -> Sequence[Operation]:
            if self._found(passkey.passkey_id) is not None:
                raise PasskeyKnown
            listed = {
                **_list_key(passkey.account_id, passkey.passkey_id),
                "passkeyId": passkey.passkey_id,
            }
            return [put(self._table, _values(passkey), NEW), put(self._table, listed)]

        return self._accounts.update_with(passkey.account_id, decide, operations)

    async def update(self, passkey_id: str, decide: Callable[[Passkey], Passkey]) -> Passkey | None:
        return retry_until_written(lambda: self._update(passkey_id, decide))

    def _update(self, passkey_id: str, decide: Callable[[Passkey], Passkey]) -> Passkey | None:
        found = self._found(passkey_id)
        if found is None:
            return None
        after = decide(struct_of(Passkey, found))
        condition, given = stamp_condition(found)
        self._dynamo.transact(put(self._table, _values(after), condition, **given))
        return after

    async def remove(self, account_id: str, passkey_id: str, decide: Decide) -> Account | None:
        def operations() -> Sequence[Operation]:
            found = self._found(passkey_id)
            if found is None or found["accountId"] != account_id:
                raise _NotThere
            there = "attribute_exists(#key)"
            return [
                delete(self._table, _key(passkey_id), there),
                delete(self._table, _list_key(account_id, passkey_id)),
            ]

        try:
            return self._accounts.update_with(account_id, decide, operations)
        except _NotThere:
            return None

    async def forget(self, account_id: str) -> None:
        for each in self._listed(account_id):
            self._dynamo.transact(
                delete(self._table, _key(each["passkeyId"])),
                delete(self._table, _list_key(account_id, each["passkeyId"])),
            )

    def _found(self, passkey_id: str) -> Values | None:
        return self._dynamo.get(self._table, _key(passkey_id))

    def _listed(self, account_id: str) -> list[Values]:
        name = _list_key(account_id, "")["key"]
        return list(self._dynamo.query(Query(self._table, "#key = :key", {"key": name})))


class _NotThere(Exception):
    """The account has no such passkey."""


def _key(passkey_id: str) -> Values:
    return alone("passkey", passkey_id)


def _list_key(account_id: str, passkey_id: str) -> Values:
    return {
        "key": f"passkeys#{account_id}",
        "part": hashlib.sha256(passkey_id.encode()).hexdigest(),
    }


def _values(passkey: Passkey) -> Values:
    return {**_key(passkey.passkey_id), **values_of(passkey), "stamp": new_id()}
