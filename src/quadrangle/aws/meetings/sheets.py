"""Sheets of meetings on DynamoDB: an item of each kind under the meeting."""

from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec

from quadrangle.aws.base.dynamo import Dynamo, Query
from quadrangle.aws.base.optimistic import retry_until_written
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.meetings.keys import SHEET, part_of
from quadrangle.aws.meetings.tables import MEETINGS, MEETINGS_BY_LOOK
from quadrangle.aws.meetings.versions import save_version
from quadrangle.kernel.change import Change
from quadrangle.meetings.handouts.model import Handouts
from quadrangle.meetings.materials.model import Sheet
from quadrangle.meetings.materials.service import Sheets
from quadrangle.meetings.outcome.model import Note
from quadrangle.meetings.recording.model import Recordings
from quadrangle.meetings.take_home.model import TakeHome

S = TypeVar("S", bound=Sheet)


class DynamoSheets(Generic[S]):
    """Implements meetings.materials.sheets.SheetStore for the sheets that `shape` is the class of;
    `kind` is what the table calls them.

    Versions are the sheet's own, not the meeting's: its changes take places behind those that the
    meeting counts. What is due is in the index of meetings that are, in a partition of its kind.
    """

    def __init__(self, dynamo: Dynamo, tables: Tables, kind: str, shape: type[S]) -> None:
        self._dynamo = dynamo
        self._table = tables.of(MEETINGS)
        self._tables = tables
        self._part = SHEET + kind
        self._shape = shape

    async def get(self, meeting_id: str) -> S:
        found = self._dynamo.get(self._table, part_of(meeting_id, self._part))
        if found is None:
            return self._shape(meeting_id)
        return msgspec.json.decode(found["body"], type=self._shape)

    async def save(self, sheet: S, changes: Sequence[Change]) -> None:
        retry_until_written(lambda: self._save(sheet, changes))

    def _save(self, sheet: S, changes: Sequence[Change]) -> None:
        values = {
            **part_of(sheet.meeting_id, self._part),
            "version": sheet.version,
            "due": None if sheet.look_at is None else self._part,
            "look_at": sheet.look_at,
            "body": msgspec.json.encode(sheet).decode(),
        }
        save_version(self._dynamo, self._tables, values, changes)

    async def due(self, now: str, limit: int) -> list[str]:
        query = Query(
            self._table,
            "#due = :due AND #look_at <= :now",
            {"due": self._part, "now": now},
            MEETINGS_BY_LOOK,
        )
        found = sorted((each["look_at"], each["id"]) for each in self._dynamo.query(query))
        return [meeting_id for _, meeting_id in found[:limit]]


def sheets_of(dynamo: Dynamo, tables: Tables) -> Sheets:
    """Return what is kept beside meetings."""
    return Sheets(
        handouts=DynamoSheets(dynamo, tables, "handouts", Handouts),
        take_home=DynamoSheets(dynamo, tables, "take-home", TakeHome),
        recordings=DynamoSheets(dynamo, tables, "recordings", Recordings),
        notes=DynamoSheets(dynamo, tables, "note", Note),
    )
