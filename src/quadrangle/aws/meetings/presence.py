"""Who was connected to a meeting, on DynamoDB."""

import msgspec

from quadrangle.aws.base.dynamo import Dynamo, Query
from quadrangle.aws.base.items import struct_of
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.meetings.keys import CONNECTION, part_of
from quadrangle.aws.meetings.merged import merge
from quadrangle.aws.meetings.tables import MEETINGS
from quadrangle.meetings.presence.model import Connection


class DynamoPresenceStore:
    """Implements meetings.ports.PresenceStore."""

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.of(MEETINGS)

    async def put(self, connection: Connection) -> None:
        key = part_of(connection.meeting_id, f"{CONNECTION}{connection.connection_id}")
        merge(self._dynamo, self._table, key, connection, _with_news)

    async def of_meeting(self, meeting_id: str) -> list[Connection]:
        query = Query(
            self._table,
            "#id = :meeting AND begins_with(#part, :kind)",
            {"meeting": meeting_id, "kind": CONNECTION},
        )
        found = [struct_of(Connection, values) for values in self._dynamo.query(query)]
        return sorted(found, key=lambda each: (each.begun_at, each.connection_id))


def _with_news(old: Connection, new: Connection) -> Connection:
    """Return what is known: what was seen later, and the first end that was told."""
    return msgspec.structs.replace(
        old, seen_at=max(old.seen_at, new.seen_at), ended_at=old.ended_at or new.ended_at
    )
