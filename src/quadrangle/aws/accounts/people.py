"""Everybody by name, on DynamoDB: copies of the accounts in one list, in the order they are shown.

A search reads the list until it has found enough, at worst all of it: with 50,000 people some
15 MB, which is half a cent for ten searches and some seconds each. It is for administrators.
"""

from quadrangle.accounts.model import Account
from quadrangle.accounts.ports import PeopleQuery
from quadrangle.aws.base.dynamo import Dynamo, Operation, Query, delete, put
from quadrangle.aws.base.items import Values, struct_of, values_of
from quadrangle.kernel.page import Page, decode_cursor, encode_cursor
from quadrangle.kernel.text import folded

_LIST = "people"
_SEPARATOR = "\x00"  # sorts before all that is in names
_LONGEST = 200  # characters of a name to sort by: a sort key has at most 1,024 bytes

# The cursor of a page: folded name and id of the last one shown.
_Position = tuple[str, str]


def people_operations(table: str, account: Account, before: Account | None) -> list[Operation]:
    """Return what keeps the list right when an account is written."""
    values = {**values_of(account), **_key(account), "foldedName": folded(account.name)}
    operations = [put(table, values)]
    if before is not None and _key(before) != _key(account):
        operations.append(delete(table, _key(before)))
    return operations


def find_people(dynamo: Dynamo, table: str, query: PeopleQuery) -> Page[Account]:
    """Return accounts by folded name, then id. Raises InvalidInput for a cursor."""
    found: list[Account] = []
    for values in dynamo.query(_query(table, query)):
        if len(found) == query.limit:
            last = found[-1]
            return Page(found, encode_cursor((folded(last.name), last.account_id)))
        found.append(struct_of(Account, values))
    return Page(found)


def _query(table: str, query: PeopleQuery) -> Query:
    conditions: list[str] = []
    values: Values = {"list": _LIST}
    for n, word in enumerate(folded(query.words).split()):
        conditions.append(f"(contains(#foldedName, :w{n}) OR contains(#email, :w{n}))")
        values[f"w{n}"] = word
    wanted = {"role": query.role, "state": query.state, "active": query.active}
    for name, value in wanted.items():
        if value is not None:
            conditions.append(f"#{name} = :{name}")
            values[name] = value
    start = None
    if query.cursor is not None:
        name, account_id = decode_cursor(query.cursor, _Position)
        start = _place(name, account_id)
    return Query(
        table, "#key = :list", values, narrowed=" AND ".join(conditions) or None, start=start
    )


def _key(account: Account) -> Values:
    return _place(folded(account.name), account.account_id)


def _place(folded_name: str, account_id: str) -> Values:
    return {"key": _LIST, "part": f"{folded_name[:_LONGEST]}{_SEPARATOR}{account_id}"}
