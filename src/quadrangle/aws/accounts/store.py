"""Accounts on DynamoDB.

An account is one item; others beside it, written in the same transactions, answer what its key does
not: `email#…` keeps an address to one account, `staff` has a copy of every staff member to list,
`people` one of everybody by name, and `admins` holds the ids of those who can administer. Every
write of an account makes sure that `admins` is as it was read, so two of them cannot step down at
once as each other's last.
"""

from collections.abc import Callable, Sequence

import msgspec

from quadrangle.accounts.model import Account, NoSuchAccount
from quadrangle.accounts.ports import Decide, EmailTaken, PeopleQuery
from quadrangle.aws.accounts.people import find_people, people_operations
from quadrangle.aws.accounts.tables import ACCOUNTS
from quadrangle.aws.base.dynamo import ConditionFailed, Dynamo, Operation, Query, check, delete, put
from quadrangle.aws.base.items import Values, struct_of, values_of
from quadrangle.aws.base.lone_items import NEW, alone
from quadrangle.aws.base.optimistic import retry_until_written
from quadrangle.aws.base.tables import ONLY_PART, Tables
from quadrangle.aws.feed.changes import change_operations
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.kernel.change import Change
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.page import Page
from quadrangle.kernel.principal import Role
from quadrangle.kernel.text import folded

_STAFF = (Role.STAFF, Role.ADMIN)
_STAFF_LIST = "staff"
_ADMINS = {"key": "admins", "part": ONLY_PART}
_UNCHANGED = "#revision = :before"
_OF_ADDRESS, _OF_ACCOUNT = 0, 1  # places of operations when an account or an address is added


class _Admins(msgspec.Struct, frozen=True):
    """Who administers, as of a revision; 0 before there was anybody."""

    account_ids: frozenset[str] = frozenset()
    revision: int = 0

    def others(self, account_id: str) -> int:
        """Return how many administer beside an account."""
        return len(self.account_ids - {account_id})

    def after(self, account: Account) -> frozenset[str]:
        """Return who administers once `account` is as given."""
        others = self.account_ids - {account.account_id}
        if account.usable and account.role is Role.ADMIN:
            return others | {account.account_id}
        return others


class Held(msgspec.Struct, frozen=True):
    """What Cognito keeps of an account: told here so that showing it needs no call there."""

    has_password: bool = False
    has_totp: bool = False


NOTHING = Held()
Hold = Callable[[Held], Held]


class DynamoAccountStore:
    """Implements accounts.ports.AccountStore. Passwords are kept elsewhere: cognito.py."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._tables = tables

    async def get(self, account_id: str) -> Account | None:
        found = self._found(_account_key(account_id))
        return None if found is None else struct_of(Account, found)

    async def by_email(self, email: str) -> Account | None:
        holder = self._found(_email_key(email))
        # Asked also when nobody has the address: how long it takes does not tell.
        account_id = holder["accountId"] if holder else new_id()
        found = self._found(_account_key(account_id))
        return None if found is None else struct_of(Account, found)

    async def staff(self) -> list[Account]:
        query = Query(self._tables.of(ACCOUNTS), "#key = :list", {"list": _STAFF_LIST})
        members = [struct_of(Account, values) for values in self._dynamo.query(query)]
        return sorted(members, key=lambda member: (folded(member.name), member.account_id))

    async def people(self, query: PeopleQuery) -> Page[Account]:
        return find_people(self._dynamo, self._tables.of(ACCOUNTS), query)

    async def held(self, account_id: str) -> Held:
        """Return what is held of an account, nothing when there is none."""
        found = self._found(_account_key(account_id))
        return Held() if found is None else struct_of(Held, found)

    async def add(self, account: Account, changes: Sequence[Change], held: Held = NOTHING) -> None:
        """Save a new account. Raises EmailTaken."""
        retry_until_written(lambda: self._add(account, changes, held))

    def _add(self, account: Account, changes: Sequence[Change], held: Held) -> None:
        admins = self._admins()
        try:
            self._dynamo.transact(
                self._address(account),
                put(self._tables.of(ACCOUNTS), _values(account, held, revision=1), NEW),
                self._administrators(account, admins),
                *self._lists(account, before=None),
                *change_operations(self._tables.of(CHANGES), changes, 1),
            )
        except ConditionFailed as error:
            if error.index in (_OF_ADDRESS, _OF_ACCOUNT):
                raise EmailTaken() from error
            raise

    async def look(self, account_id: str, decide: Decide) -> Account:
        """Return the account and raise what `update` would now; write nothing."""
        account, _ = self._account(account_id)
        decide(account, self._admins().others(account_id))
        return account

    async def update(self, account_id: str, decide: Decide, hold: Hold | None = None) -> Account:
        """As the port says; `hold` gives what is held from then on, in the same write."""
        return retry_until_written(lambda: self._update(account_id, decide, hold, ()))

    def update_with(
        self, account_id: str, decide: Decide, others: Callable[[], Sequence[Operation]]
    ) -> Account:
        """Like `update`, in one write with what `others` returns; it is asked at each attempt."""
        return retry_until_written(lambda: self._update(account_id, decide, None, others()))

    def _update(
        self, account_id: str, decide: Decide, hold: Hold | None, others: Sequence[Operation]
    ) -> Account:
        admins = self._admins()
        account, found = self._account(account_id)
        before = struct_of(Held, found)
        held = before if hold is None else hold(before)
        decided, changes = decide(account, admins.others(account_id))
        if not changes:
            if held == before:
                return account
            decided = account
        revision = found["revision"] + 1
        moved = self._moved(decided, account)
        try:
            self._dynamo.transact(
                *moved,
                self._replaced(_values(decided, held, revision)),
                self._administrators(decided, admins),
                *self._lists(decided, account),
                *change_operations(self._tables.of(CHANGES), changes, revision),
                *others,
            )
        except ConditionFailed as error:
            if moved and error.index == _OF_ADDRESS:
                raise EmailTaken() from error
            raise
        return decided

    def _address(self, account: Account) -> Operation:
        values = {**_email_key(account.email), "accountId": account.account_id}
        return put(self._tables.of(ACCOUNTS), values, NEW)

    def _moved(self, account: Account, before: Account) -> list[Operation]:
        """Return what gives the account its new address and lets go of the old one."""
        if account.email == before.email:
            return []
        return [
            self._address(account),
            delete(self._tables.of(ACCOUNTS), _email_key(before.email)),
        ]

    def _account(self, account_id: str) -> tuple[Account, Values]:
        """Return an account and its item. Raises NotFound."""
        found = self._found(_account_key(account_id))
        if found is None:
            raise NoSuchAccount()
        return struct_of(Account, found), found

    def _found(self, key: Values) -> Values | None:
        return self._dynamo.get(self._tables.of(ACCOUNTS), key)

    def _replaced(self, values: Values) -> Operation:
        before = values["revision"] - 1
        return put(self._tables.of(ACCOUNTS), values, _UNCHANGED, before=before)

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
            return put(self._tables.of(ACCOUNTS), values, NEW)
        return self._replaced(values)

    def _still(self, admins: _Admins) -> Operation:
        if admins.revision == 0:
            return check(self._tables.of(ACCOUNTS), _ADMINS, NEW)
        return check(self._tables.of(ACCOUNTS), _ADMINS, _UNCHANGED, before=admins.revision)

    def _lists(self, account: Account, before: Account | None) -> list[Operation]:
        table = self._tables.of(ACCOUNTS)
        return [*self._staff_list(account, before), *people_operations(table, account, before)]

    def _staff_list(self, account: Account, before: Account | None) -> list[Operation]:
        key = {"key": _STAFF_LIST, "part": account.account_id}
        if account.role in _STAFF:
            return [put(self._tables.of(ACCOUNTS), {**values_of(account), **key})]
        if before is not None and before.role in _STAFF:
            return [delete(self._tables.of(ACCOUNTS), key)]
        return []


def _account_key(account_id: str) -> Values:
    return alone("account", account_id)


def _email_key(email: str) -> Values:
    return alone("email", email)


def _values(account: Account, held: Held, revision: int) -> Values:
    fields = {**values_of(account), **values_of(held)}
    return {**_account_key(account.account_id), **fields, "revision": revision}
