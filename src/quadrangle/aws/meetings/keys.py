"""Keys of the items in the table of meetings."""

from quadrangle.aws.base.items import Values
from quadrangle.aws.base.tables import ONLY_PART

NEW = "attribute_not_exists(#id)"

MEETING = "meeting"
CONTROL = "control"
ROOM = "room"
CONNECTION = "connection#"
PARTICIPANT = "participant#"
MESSAGE = "message#"
SHEET = "sheet#"


def part_of(meeting_id: str, part: str) -> Values:
    """Return the key of something that belongs to a meeting, or of the meeting itself."""
    return {"id": meeting_id, "part": part}


def alone(kind: str, name: str) -> Values:
    """Return the key of an item that is alone under it: `kind#name`, which is no meeting's id."""
    return {"id": f"{kind}#{name}", "part": ONLY_PART}


def stamp_condition(before: Values | None) -> tuple[str, Values]:
    """Return the condition, and its values, that an item is still as it was read: every writing
    gives it a new stamp."""
    return (NEW, {}) if before is None else ("#stamp = :stamp", {"stamp": before["stamp"]})
