"""Checks the audit on DynamoDB, by the rules of one machine: audit/checking.py.

It reads both tables whole, a hundred items at a time, so that its memory does not grow with them.
A check may be cut and gone on with later, from the position it has come to.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import TypeVar

import msgspec

from quadrangle.audit.checking import along_changes, along_records
from quadrangle.audit.rules import AuditRecord, Head, Recording, Walk
from quadrangle.aws.audit.items import END, RECORDS, head_of, mark_key, record_key
from quadrangle.aws.audit.tables import AUDIT
from quadrangle.aws.base.dynamo import BATCH_GET, Dynamo, Query
from quadrangle.aws.base.items import Values, struct_of
from quadrangle.aws.base.tables import Tables
from quadrangle.aws.feed.changes import change_of
from quadrangle.aws.feed.tables import CHANGES
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock, to_text

# Changes reach the audit within seconds. For as long as this one may still be on its way there,
# while something is away; after that its record is missed.
ON_ITS_WAY = timedelta(hours=1)

T = TypeVar("T")


class Unreadable(Exception):
    """An item is not what we write; the message is a sentence that names it."""


class CheckPosition(msgspec.Struct, frozen=True):
    """How far a check has come.

    `end` is the end of the chain as it stood at the beginning, as records are added meanwhile;
    `walked` the last record and `place` where in the table it was. `change` is the key of the last
    change that was looked at, once all records were walked; before that None.
    """

    end: Head
    walked: Head = Head()
    place: str = ""
    change: dict[str, str | int] | None = None


class DynamoAuditCheck:
    """One check, or the part of one that begins at a position; `key` is the one that chains
    records, `recording` says what they hold. `position` is where the next part begins, None once
    all was looked at."""

    def __init__(
        self,
        dynamo: Dynamo,
        tables: Tables,
        key: bytes,
        clock: Clock,
        recording: Recording,
        begun: CheckPosition | None = None,
    ) -> None:
        self._dynamo = dynamo
        self._tables = tables
        self._begun = begun
        self._recording = recording
        self._walk = Walk(key, begun.walked if begun else None)
        self._place = begun.place if begun else ""
        self._change = begun.change if begun else None
        self._missed_before = to_text(clock.now() - ON_ITS_WAY)
        self._is_cut = False
        self.position: CheckPosition | None = None

    @property
    def records(self) -> int:
        """How many records it has come by."""
        return self._walk.head.seq

    def problems(self, goes_on: Callable[[], bool] = lambda: True) -> Iterator[str]:
        """Yield a sentence for each record that was changed, removed or made up, as it is found.

        `goes_on` is asked after every hundred items; when it says no, the check is cut there. The
        first item that cannot be read is the last problem. Raises Unavailable.
        """
        try:
            end = self._begun.end if self._begun else self._end()
            yield from self._problems(end, goes_on)
        except Unreadable as error:
            yield f"{error} The check ends there."
            return
        if self._is_cut:
            self.position = CheckPosition(end, self._walk.head, self._place, self._change)

    def _problems(self, end: Head, goes_on: Callable[[], bool]) -> Iterator[str]:
        if self._change is None:
            batches = self._until_cut(self._records(), goes_on)
            yield from along_records(batches, self._told_of, self._walk, self._recording)
            if self._is_cut:
                return
            yield from self._walk.ended(end)
        changes = self._until_cut(self._changes(), goes_on)
        yield from along_changes(changes, self._recorded, self._recording)

    def _until_cut(
        self, batches: Iterable[list[T]], goes_on: Callable[[], bool]
    ) -> Iterator[list[T]]:
        for batch in batches:
            yield batch
            if not goes_on():
                self._is_cut = True
                return

    def _end(self) -> Head:
        try:
            return head_of(self._dynamo.get(self._tables.of(AUDIT), END))
        except msgspec.ValidationError as error:
            raise Unreadable("The end of the audit cannot be read.") from error

    def _records(self) -> Iterator[list[AuditRecord]]:
        condition, values = "#key = :key", {"key": RECORDS}
        if self._place:
            condition, values = f"{condition} AND #part > :part", {**values, "part": self._place}
        query = Query(self._tables.of(AUDIT), condition, values)
        for batch in _batches(self._dynamo.query(query)):
            self._place = batch[-1]["part"]
            yield [_record(values) for values in batch]

    def _told_of(self, records: Sequence[AuditRecord]) -> list[Change | None]:
        places = [(record.subject, record.change_seq) for record in records]
        keys = [{"subject": subject, "seq": seq} for subject, seq in dict.fromkeys(places)]
        found = self._dynamo.get_many(self._tables.of(CHANGES), keys, consistent=True)
        changes = {(values["subject"], values["seq"]): _change(values) for values in found}
        return [changes.get(place) for place in places]

    def _changes(self) -> Iterator[list[Change]]:
        found = self._dynamo.scan(self._tables.of(CHANGES), behind=self._change)
        for batch in _batches(found):
            self._change = {name: batch[-1][name] for name in ("subject", "seq")}
            yield [_change(values) for values in batch]

    def _recorded(self, changes: Sequence[Change]) -> list[bool]:
        keys = [mark_key(change) for change in changes]
        found = self._dynamo.get_many(self._tables.of(AUDIT), keys, consistent=True)
        # a mark that is none of ours points to a place where no record is
        seqs = {v["key"]: s if isinstance(s := v.get("seq"), int) else 0 for v in found}
        records = self._records_at({*seqs.values()})
        answers = []
        for change, key in zip(changes, keys, strict=True):
            seq = seqs.get(key["key"])
            record = None if seq is None else records.get(seq)
            answers.append(self._is_on_its_way(change) if seq is None else _tells(record, change))
        return answers

    def _records_at(self, places: Iterable[int]) -> dict[int, AuditRecord]:
        """Return the records there are, by their places, which those that were moved do not say."""
        keys = [record_key(seq) for seq in places]
        found = self._dynamo.get_many(self._tables.of(AUDIT), keys, consistent=True)
        return {int(values["part"]): _record(values) for values in found}

    def _is_on_its_way(self, change: Change) -> bool:
        return change.at > self._missed_before


def _tells(record: AuditRecord | None, change: Change) -> bool:
    return record is not None and (record.subject, record.change_seq) == (
        change.subject,
        change.seq,
    )


def _record(values: Values) -> AuditRecord:
    try:
        return struct_of(AuditRecord, values)
    except msgspec.ValidationError as error:
        raise Unreadable(f"Audit record {values['part']} cannot be read.") from error


def _change(values: Values) -> Change:
    try:
        return change_of(values)
    except (KeyError, TypeError, ValueError) as error:
        place = f"{values['seq']} of {values['subject']}"
        raise Unreadable(f"Change {place} cannot be read.") from error


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    """Yield the items, so many at once as DynamoDB gives of what belongs to them."""
    left = iter(items)
    while batch := list(islice(left, BATCH_GET)):
        yield batch
