"""Tickets that were not used yet, on SQL."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, insert, select

from quadrangle.kernel.clock import to_text
from quadrangle.meetings.model import MeetingRole, Right
from quadrangle.meetings.ports import Ticket
from quadrangle.sql.base.database import Database
from quadrangle.sql.meetings.tables import meeting_tickets


class SqlTickets:
    """Implements meetings.ports.Tickets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, ticket_hash: str, ticket: Ticket, now: datetime) -> None:
        values = msgspec.to_builtins(ticket)
        values = {**values, "may": values.pop("right"), "ticket_hash": ticket_hash}

        def work(connection: Connection) -> None:
            over = meeting_tickets.c.until <= to_text(now)
            connection.execute(delete(meeting_tickets).where(over))
            connection.execute(insert(meeting_tickets), values)

        await self._database.write(work)

    async def take(self, ticket_hash: str) -> Ticket | None:
        return await self._database.write(lambda c: _take(c, ticket_hash))


def _take(connection: Connection, ticket_hash: str) -> Ticket | None:
    """Only one transaction writes at a time (decision 0002), so nobody else takes it meanwhile."""
    mine = meeting_tickets.c.ticket_hash == ticket_hash
    row = connection.execute(select(meeting_tickets).where(mine)).first()
    if row is None:
        return None
    connection.execute(delete(meeting_tickets).where(mine))
    return Ticket(
        meeting_id=row.meeting_id,
        holder=MeetingRole(row.holder),
        desktop=MeetingRole(row.desktop),
        generation=row.generation,
        right=Right(row.may),
        until=row.until,
    )
