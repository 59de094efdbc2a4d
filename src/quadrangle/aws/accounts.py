"""Accounts and the staff PIN on DynamoDB.

An account is one item; others beside it, written in the same transactions, answer what its key does
not: `email#…` keeps an address to one account, `staff` has a copy of every staff member to list,
and `admins` holds the ids of the active administrators. Every write of an account makes sure that
`admins` is as it was read, so two of them cannot step down at once as each other's last.
"""

from collections.abc import Sequence

import msgspec

from quadrangle.accounts.model import PIN_SUBJECT, Account, Pin
from quadrangle.accounts.ports import Decide, EmailTaken, Stored
from quadrangle.aws.changes import change_operations
from quadrangle.aws.dynamo import ConditionFailed, Dynamo, Operation, Query, check, delete, put
from quadrangle.aws.items import Values, struct_of, values_of
from quadrangle.aws.optimistic import until_won
from quadrangle.aws.tables import ONLY_PART, Tables
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Role

_STAFF = (Role.STAFF, Role.ADMIN)
_STAFF_LIST = "staff"
_ADMINS = {"key": "admins", "part": ONLY_PART}
_NEW = "attribute_not_exists(#key)"
_UNCHANGED = "#revision = :before"
_OF_ADDRESS, _OF_ACCOUNT = 0, 1  # places of operations when an account is added


class _Admins(msgspec.Struct, frozen=True):
    """Who administers, as of a revision; 0 before there was anybody."""

    account_ids: frozenset[str] = frozenset()
    revision: int = 0

    def after(self, account: Account) -> frozenset[str]:
        """Return who administers once `account` is as given."""
        others = self.account_ids - {account.account_id}
        if account.active and account.role is Role.ADMIN:
            return others | {account.account_id}
        return others


class DynamoAccountStore:
    """Implements accounts.ports.AccountStore."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._tables = tables

    async def get(self, account_id: str) -> Account | None:
        found = self._found(_account_key(account_id))
        return None if found is None else struct_of(Account, found)

    async def by_email(self, email: str) -> Stored | None:
        holder = self._found(_email_key(email))
        # Asked also when nobody has the address: how long it takes does not tell.
        account_id = holder["accountId"] if holder else new_id()
        found = self._found(_account_key(account_id))
        if found is None:
            return None
        return Stored(struct_of(Account, found), found.get("passwordHash"))

    async def staff(self) -> list[Account]:
        query = Query(self._tables.accounts, "#key = :list", {"list": _STAFF_LIST})
        members = [struct_of(Account, values) for values in self._dynamo.query(query)]
        return sorted(members, key=lambda member: (member.name.lower(), member.account_id))

    async def add(
        self, account: Account, password_hash: str | None, changes: Sequence[Change]
    ) -> None:
        address = {**_email_key(account.email), "accountId": account.account_id}
        values = _values(account, password_hash, revision=1)

        def attempt() -> None:
            admins = self._admins()
            try:
                self._dynamo.transact(
                    put(self._tables.accounts, address, _NEW),
                    put(self._tables.accounts, values, _NEW),
                    self._administrators(account, admins),
                    *self._staff_list(account, before=None),
                    *change_operations(self._tables.changes, changes, 1),
                )
            except ConditionFailed as error:
                if error.index in (_OF_ADDRESS, _OF_ACCOUNT):
                    raise EmailTaken() from error
                raise

        until_won(attempt)

    async def update(
        self, account_id: str, decide: Decide, *, password_hash: str | None = None
    ) -> Account:
        return until_won(lambda: self._update(account_id, decide, password_hash))

    def _update(self, account_id: str, decide: Decide, password_hash: str | None) -> Account:
        admins = self._admins()
        found = self._found(_account_key(account_id))
        if found is None:
            raise NotFound("There is no account with that id.")
        account = struct_of(Account, found)
        decided, changes = decide(account, len(admins.account_ids - {account_id}))
        if not changes:
            return account
        hashed = found.get("passwordHash") if password_hash is None else password_hash
        revision = found["revision"] + 1
        self._dynamo.transact(
            self._replaced(_values(decided, hashed, revision)),
            self._administrators(decided, admins),
            *self._staff_list(decided, account),
            *change_operations(self._tables.changes, changes, revision),
        )
        return decided

    async def replace_hash(self, account_id: str, old: str, new: str) -> None:
        until_won(lambda: self._replace_hash(account_id, old, new))

    def _replace_hash(self, account_id: str, old: str, new: str) -> None:
        found = self._found(_account_key(account_id))
        if found is None or found.get("passwordHash") != old:
            return
        renewed = {**found, "passwordHash": new, "revision": found["revision"] + 1}
        self._dynamo.transact(self._replaced(renewed))

    def _found(self, key: Values) -> Values | None:
        return self._dynamo.get(self._tables.accounts, key)

    def _replaced(self, values: Values) -> Operation:
        before = values["revision"] - 1
        return put(self._tables.accounts, values, _UNCHANGED, before=before)

    def _admins(self) -> _Admins:
        found = self._found(_ADMINS)
        if found is None:
            return _Admins()
        return _Admins(frozenset(found["accountIds"]), found["revision"])

    def _administrators(self, account: Account, admins: _Admins) -> Operation:
        """Return what keeps `admins` right, and makes sure that nobody wrote them meanwhile."""
        after = admins.after(account)
        values = {**_ADMINS, "accountIds": sorted(after), "revision": admins.revision + 1}
        if after == admins.account_ids:
            return self._still(admins)
        if admins.revision == 0:
            return put(self._tables.accounts, values, _NEW)
        return self._replaced(values)

    def _still(self, admins: _Admins) -> Operation:
        if admins.revision == 0:
            return check(self._tables.accounts, _ADMINS, _NEW)
        return check(self._tables.accounts, _ADMINS, _UNCHANGED, before=admins.revision)

    def _staff_list(self, account: Account, before: Account | None) -> list[Operation]:
        key = {"key": _STAFF_LIST, "part": account.account_id}
        if account.role in _STAFF:
            return [put(self._tables.accounts, {**values_of(account), **key})]
        if before is not None and before.role in _STAFF:
            return [delete(self._tables.accounts, key)]
        return []


def _account_key(account_id: str) -> Values:
    return {"key": f"account#{account_id}", "part": ONLY_PART}


def _email_key(email: str) -> Values:
    return {"key": f"email#{email}", "part": ONLY_PART}


def _values(account: Account, password_hash: str | None, revision: int) -> Values:
    return {
        **_account_key(account.account_id),
        **values_of(account),
        "passwordHash": password_hash,
        "revision": revision,
    }


_PIN = {"key": PIN_SUBJECT, "part": ONLY_PART}


class DynamoPinStore:
    """Implements accounts.ports.PinStore: one item whose revision is the PIN's epoch."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._tables = tables

    async def load(self) -> Pin | None:
        found = self._dynamo.get(self._tables.accounts, _PIN)
        return None if found is None else struct_of(Pin, found)

    async def save(self, pin: Pin, changes: Sequence[Change]) -> None:
        values = {**_PIN, **values_of(pin)}
        if pin.epoch == 1:
            written = put(self._tables.accounts, values, _NEW)
        else:
            written = put(self._tables.accounts, values, "#epoch = :before", before=pin.epoch - 1)
        try:
            self._dynamo.transact(
                written, *change_operations(self._tables.changes, changes, pin.epoch)
            )
        except ConditionFailed as error:
            raise Conflict() from error
