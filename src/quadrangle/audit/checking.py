"""Checking the audit, the same on every store: each says how it is read, batch by batch.

The chain tells of what happened to the records; the changes tell which there must be, also at the
end, where no later record misses them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from quadrangle.audit.rules import AuditRecord, Recording, Walk
from quadrangle.kernel.change import Change


def along_records(
    batches: Iterable[Sequence[AuditRecord]],
    told_of: Callable[[Sequence[AuditRecord]], Sequence[Change | None]],
    walk: Walk,
    recording: Recording,
) -> Iterator[str]:
    """Yield a sentence for each thing that is wrong with the records, which come in order of `seq`.

    `told_of` returns the changes that records tell of, in their order, None for one that is gone.
    """
    for records in batches:
        for record, change in zip(records, told_of(records), strict=True):
            yield from walk.step(record)
            yield from recording.compared(record, change)


def along_changes(
    batches: Iterable[Sequence[Change]],
    recorded: Callable[[Sequence[Change]], Sequence[bool]],
    recording: Recording,
) -> Iterator[str]:
    """Yield a sentence for each change that matters and has no record.

    `recorded` tells of changes, in their order, whether they have one, or need none yet.
    """
    for changes in batches:
        wanted = [change for change in changes if recording.matters(change)]
        for change, has_record in zip(wanted, recorded(wanted), strict=True):
            if not has_record:
                yield (
                    f"Change {change.seq} of {change.subject} ({change.kind}) "
                    "has lost its audit record."
                )
