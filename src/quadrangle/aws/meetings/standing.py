"""What stands about desktops: how many fit at once, and how long they take to be ready.

The function that launches them asks EC2 and writes it down; others read it here, and need no right
to ask.
"""

import msgspec

from quadrangle.aws.base.dynamo import Dynamo, put
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.meetings.keys import alone
from quadrangle.aws.meetings.tables import MEETINGS

_KEY = alone("standing", "desktops")


class Standing(msgspec.Struct, frozen=True):
    """`why` says what bounds the desktops; `lead_minutes` is None where nobody said it."""

    desktops: int
    why: str
    lead_minutes: int | None = None


UNKNOWN = Standing(0, "It is not known yet how many desktops fit.")


class DynamoStanding:
    """Keeps it. Raises Unavailable."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.of(MEETINGS)

    def load(self) -> Standing:
        """Return what was written last, UNKNOWN before."""
        found = self._dynamo.get(self._table, _KEY)
        return UNKNOWN if found is None else msgspec.json.decode(found["body"], type=Standing)

    def save(self, standing: Standing) -> None:
        body = msgspec.json.encode(standing).decode()
        self._dynamo.write(put(self._table, {**_KEY, "body": body}))
