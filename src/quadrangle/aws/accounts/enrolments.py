"""Authenticator apps about to be set up, on DynamoDB: the browser gets a name that says nothing.

An item holds the access token that Cognito wants to see again with the first code. It would let a
browser turn the app off without a password, so it stays here.
"""

from datetime import datetime

import msgspec

from quadrangle.aws.accounts.tables import ACCOUNTS
from quadrangle.aws.base.dynamo import Dynamo, delete, put
from quadrangle.aws.base.items import Values, struct_of, values_of
from quadrangle.aws.base.lone_items import alone, second_after
from quadrangle.aws.base.tables import EXPIRES, Tables
from quadrangle.kernel.clock import from_text
from quadrangle.kernel.ids import is_id, new_id


class Begun(msgspec.Struct, frozen=True):
    """What was begun by an account in an epoch; it is over from the instant `until` on."""

    account_id: str
    epoch: int
    access_token: str
    until: str


class Enrolments:
    """Keeps what was begun, each under a name that cannot be guessed."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.of(ACCOUNTS)

    def add(self, begun: Begun) -> str:
        """Return the name."""
        name = new_id()
        expires = second_after(from_text(begun.until))
        self._dynamo.transact(
            put(self._table, {**_key(name), **values_of(begun), EXPIRES: expires})
        )
        return name

    def get(self, name: str, now: datetime) -> Begun | None:
        """Return what has that name and is not over."""
        found = self._dynamo.get(self._table, _key(name)) if is_id(name) else None
        begun = None if found is None else struct_of(Begun, found)
        return begun if begun is not None and now < from_text(begun.until) else None

    def remove(self, name: str) -> None:
        self._dynamo.transact(delete(self._table, _key(name)))


def _key(name: str) -> Values:
    return alone("enrolment", name)
