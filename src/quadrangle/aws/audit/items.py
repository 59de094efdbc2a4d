"""Keys of the items in the table of the audit, and how records are read from it."""

from quadrangle.audit.rules import Head
from quadrangle.aws.base.items import Values, struct_of
from quadrangle.aws.base.lone_items import alone
from quadrangle.aws.base.tables import ONLY_PART
from quadrangle.kernel.change import Change

RECORDS = "records"
END: Values = {"key": "end", "part": ONLY_PART}  # the number and hash of the last record
_DIGITS = 12  # of a record's number, so that texts sort as numbers do


def record_key(seq: int) -> Values:
    return {"key": RECORDS, "part": f"{seq:0{_DIGITS}}"}


def mark_key(change: Change) -> Values:
    """Return the key of the item that names the record of a change by its `seq`."""
    return alone("change", f"{change.subject}#{change.seq}")


def head_of(end: Values | None) -> Head:
    """Return the end of the chain that the item says, that of an empty one for None.

    Raises msgspec.ValidationError for an item that says none.
    """
    return Head() if end is None else struct_of(Head, end)
