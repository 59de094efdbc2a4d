"""Who watches and helps in each meeting, on DynamoDB."""

from collections.abc import Sequence

import msgspec

from quadrangle.aws.base.dynamo import Dynamo
from quadrangle.aws.base.optimistic import retry_until_written
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.meetings.keys import CONTROL, part_of
from quadrangle.aws.meetings.tables import MEETINGS
from quadrangle.aws.meetings.versions import save_version
from quadrangle.kernel.change import Change
from quadrangle.meetings.control.model import Control


class DynamoControlStore:
    """Implements meetings.control.ports.ControlStore.

    Versions are the record's own, not the meeting's, whose changes these are: so they take places
    behind those that the meeting counts.
    """

    def __init__(self, dynamo: Dynamo, tables: Tables) -> None:
        self._dynamo = dynamo
        self._table = tables.of(MEETINGS)
        self._tables = tables

    async def get(self, meeting_id: str) -> Control:
        found = self._dynamo.get(self._table, part_of(meeting_id, CONTROL))
        if found is None:
            return Control(meeting_id)
        return msgspec.json.decode(found["body"], type=Control)

    async def save(self, control: Control, changes: Sequence[Change]) -> None:
        retry_until_written(lambda: self._save(control, changes))

    def _save(self, control: Control, changes: Sequence[Change]) -> None:
        values = {
            **part_of(control.meeting_id, CONTROL),
            "version": control.version,
            "body": msgspec.json.encode(control).decode(),
        }
        save_version(self._dynamo, self._tables, values, changes)
