"""What the audit keeps of a change, and how its records are chained.

Each record's hash covers the record and the hash before it, under a key that is not in the
database: whoever can write the tables cannot make a chain that holds.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.declaration import AuditDetails

T = TypeVar("T")

KEY_BYTES = 32
# The first record of an audit whose records before were lost with their file.
BROKEN_OFF = "audit.broken-off"
FIRST = "0" * 64  # stands where the hash before the first record's would


class AuditRecord(msgspec.Struct, frozen=True):
    """One act: `seq` counts records from 1, `change_seq` is the place of the change it tells of.

    `actor` is empty where `actor_id`, an account's, tells who it was. `details` is a JSON object as
    a text; it is hashed as it stands. `at` is an instant as kernel.clock.to_text writes it.
    """

    seq: int
    change_seq: int
    at: str
    kind: str
    subject: str
    actor: str
    actor_id: str | None
    origin: str | None
    details: str
    hash: str


class Head(msgspec.Struct, frozen=True):
    """The end of the chain: the last record's number and hash."""

    seq: int = 0
    hash: str = FIRST


class Recording:
    """What becomes of changes, by all that services declare. Raises ValueError for a kind that two
    of them speak for."""

    def __init__(self, declared: Iterable[AuditDetails]) -> None:
        told = tuple(declared)
        self._always = tuple(beginning for each in told for beginning in each.always)
        self._names = _merged(each.names for each in told)
        self._computed = _merged(each.computed for each in told)

    def matters(self, change: Change) -> bool:
        """Tell whether the audit keeps a record of a change.

        Anonymous reports and replies have no origin: what someone signed in did has one, be it a
        person, the PIN or an API key.
        """
        return (
            change.kind.startswith(self._always)
            or change.actor_id is not None
            or change.origin is not None
        )

    def draft(self, change: Change) -> AuditRecord:
        """Return the record of a change before it has its place in the chain."""
        return AuditRecord(
            seq=0,
            change_seq=change.seq,
            at=change.at,
            kind=change.kind,
            subject=change.subject,
            actor=change.actor if change.actor_id is None else "",
            actor_id=change.actor_id,
            origin=change.origin,
            details=msgspec.json.encode(self._details(change), order="sorted").decode(),
            hash="",
        )

    def _details(self, change: Change) -> dict[str, Any]:
        """Return what is kept of the data; nothing of a kind that nobody declared."""
        names = self._names.get(change.kind)
        if names is None:
            names = self._names.get(change.kind.partition(".")[0] + ".", ())
        kept = {name: change.data[name] for name in names if name in change.data}
        computed = self._computed.get(change.kind)
        return kept if computed is None else kept | computed(change.data)

    def compared(self, record: AuditRecord, change: Change | None) -> list[str]:
        """Return what is wrong with a record beside the change it says it tells of."""
        if change is None:
            return [
                f"Audit record {record.seq} tells of change {record.change_seq}, "
                "which is not there."
            ]
        wanted = msgspec.structs.replace(self.draft(change), seq=record.seq, hash=record.hash)
        if not self.matters(change) or wanted != record:
            return [f"Audit record {record.seq} is not what change {change.seq} was."]
        return []


def _merged(parts: Iterable[Mapping[str, T]]) -> dict[str, T]:
    merged: dict[str, T] = {}
    for part in parts:
        if twice := merged.keys() & part.keys():
            raise ValueError(f"Two services declare audit details of {', '.join(sorted(twice))}.")
        merged |= part
    return merged


def chained(record: AuditRecord, head: Head, key: bytes) -> AuditRecord:
    """Return the record as the next one behind `head`."""
    placed = msgspec.structs.replace(record, seq=head.seq + 1)
    return msgspec.structs.replace(placed, hash=hash_of(placed, head.hash, key))


def hash_of(record: AuditRecord, before: str, key: bytes) -> str:
    """Return the HMAC-SHA256 of a record behind the hash `before`, in hexadecimal."""
    fields = [getattr(record, name) for name in AuditRecord.__struct_fields__ if name != "hash"]
    return hmac.new(key, msgspec.json.encode([before, *fields]), hashlib.sha256).hexdigest()


class Walk:
    """Goes along the chain, record by record in the order of `seq`, from behind a record on."""

    def __init__(self, key: bytes, behind: Head | None = None) -> None:
        self._key = key
        self._head = behind or Head()

    def step(self, record: AuditRecord) -> list[str]:
        """Return a sentence for each thing that is wrong with the next record."""
        problems = []
        expected = self._head.seq + 1
        if record.seq > expected:
            problems.append(_missing(expected, record.seq - 1))
        elif record.seq < expected:
            problems.append(f"Audit record {record.seq} has a number that cannot be.")
        right = hash_of(record, self._head.hash, self._key)
        if not hmac.compare_digest(right.encode(), record.hash.encode()):
            problems.append(
                f"Audit record {record.seq} was changed, or does not follow the one before it."
            )
        self._head = Head(record.seq, record.hash)
        return problems

    @property
    def head(self) -> Head:
        """The record it has come to."""
        return self._head

    def ended(self, end: Head) -> list[str]:
        """Return what is wrong with the end of the chain, noted apart before the walk began."""
        if end.seq > self._head.seq:
            return [_missing(self._head.seq + 1, end.seq)]
        return []


def _missing(first: int, last: int) -> str:
    if first == last:
        return f"Audit record {first} was removed."
    return f"Audit records {first} to {last} were removed."
