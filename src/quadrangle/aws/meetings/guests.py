"""Who was let in on each machine, on DynamoDB."""

from datetime import timedelta

import msgspec

from quadrangle.aws.base.dynamo import ConditionFailed, Dynamo, put
from quadrangle.aws.base.lone_items import second_after
from quadrangle.aws.base.tables import EXPIRES, Tables
from quadrangle.aws.meetings.keys import NEW, alone
from quadrangle.aws.meetings.tables import MEETINGS
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict
from quadrangle.meetings.desktops.guests_model import Guests

_KEPT = timedelta(days=2)  # no machine lives as long


class DynamoGuestBook:
    """Implements meetings.desktops.ports.GuestBook."""

    def __init__(self, dynamo: Dynamo, tables: Tables, clock: Clock) -> None:
        self._dynamo = dynamo
        self._table = tables.of(MEETINGS)
        self._clock = clock

    async def get(self, machine_id: str) -> Guests:
        found = self._dynamo.get(self._table, alone("guests", machine_id))
        return Guests(machine_id) if found is None else _decoded(found["body"])

    async def save(self, guests: Guests) -> None:
        values = {
            **alone("guests", guests.machine_id),
            "version": guests.version,
            "body": msgspec.json.encode(guests).decode(),
            EXPIRES: second_after(self._clock.now() + _KEPT),
        }
        try:
            if guests.version == 1:
                self._dynamo.transact(put(self._table, values, NEW))
            else:
                before = guests.version - 1
                self._dynamo.transact(put(self._table, values, "#version = :before", before=before))
        except ConditionFailed as error:
            raise Conflict() from error


def _decoded(body: str) -> Guests:
    return msgspec.json.decode(body, type=Guests)
