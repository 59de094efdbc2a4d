"""The staff PIN on DynamoDB."""

from collections.abc import Sequence

from quadrangle.accounts.model import PIN_SUBJECT, Pin
from quadrangle.aws.accounts.tables import ACCOUNTS
from quadrangle.aws.base.dynamo import ConditionFailed, Dynamo, put
from quadrangle.aws.base.items import struct_of, values_of
from quadrangle.aws.base.lone_items import NEW
from quadrangle.aws.base.tables import ONLY_PART, Tables
from quadrangle.aws.feed.changes import change_operations
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.kernel.change import Change
from quadrangle.kernel.errors import Conflict

_PIN = {"key": PIN_SUBJECT, "part": ONLY_PART}


class DynamoPinStore:
    """Implements accounts.ports.PinStore: one item whose revision is the PIN's epoch."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._tables = tables

    async def load(self) -> Pin | None:
        found = self._dynamo.get(self._tables.of(ACCOUNTS), _PIN)
        return None if found is None else struct_of(Pin, found)

    async def save(self, pin: Pin, changes: Sequence[Change]) -> None:
        values = {**_PIN, **values_of(pin)}
        if pin.epoch == 1:
            written = put(self._tables.of(ACCOUNTS), values, NEW)
        else:
            written = put(
                self._tables.of(ACCOUNTS), values, "#epoch = :before", before=pin.epoch - 1
            )
        try:
            self._dynamo.transact(
                written, *change_operations(self._tables.of(CHANGES), changes, pin.epoch)
            )
        except ConditionFailed as error:
            raise Conflict() from error
