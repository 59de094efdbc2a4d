"""Tickets that were not used yet, on DynamoDB."""

from datetime import datetime

from quadrangle.aws.base.dynamo import Dynamo, put
from quadrangle.aws.base.items import struct_of, values_of
from quadrangle.aws.base.lone_items import second_after
from quadrangle.aws.base.tables import EXPIRES, Tables
from quadrangle.aws.meetings.keys import alone
from quadrangle.aws.meetings.tables import MEETINGS
from quadrangle.kernel.clock import Clock, from_text, to_text
from quadrangle.meetings.ports import Ticket


class DynamoTickets:
    """Implements meetings.ports.Tickets. Taking one is deleting it, which one alone can."""

    def __init__(self, dynamo: Dynamo, tables: Tables, clock: Clock) -> None:
        self._dynamo = dynamo
        self._table = tables.of(MEETINGS)
        self._clock = clock

    async def add(self, ticket_hash: str, ticket: Ticket, now: datetime) -> None:
        expires = second_after(from_text(ticket.until))
        values = {**values_of(ticket), **alone("ticket", ticket_hash), EXPIRES: expires}
        self._dynamo.write(put(self._table, values))

    async def take(self, ticket_hash: str) -> Ticket | None:
        taken = self._dynamo.take(self._table, alone("ticket", ticket_hash))
        if taken is None or taken["until"] <= to_text(self._clock.now()):
            return None  # DynamoDB removes what is over within days only
        return struct_of(Ticket, taken)
