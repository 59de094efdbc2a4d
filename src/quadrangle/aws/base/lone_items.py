"""Keys and conditions of the items in the table of accounts, and the seconds they end at.

Items that end carry the second after which DynamoDB may remove them, which it does within days. So
readers look at the time themselves and take what is over for gone.
"""

import math
from datetime import datetime

from quadrangle.aws.base.items import Values
from quadrangle.aws.base.tables import ONLY_PART

NEW = "attribute_not_exists(#key)"
UNCHANGED = "#stamp = :stamp"


def alone(kind: str, name: str) -> Values:
    """Return the key of an item that is alone under it: `kind#name`."""
    return {"key": f"{kind}#{name}", "part": ONLY_PART}


def second_after(instant: datetime) -> int:
    """Return the first whole second, since 1970, not before `instant`."""
    return math.ceil(instant.timestamp())


def stamp_condition(before: Values | None) -> tuple[str, Values]:
    """Return the condition, and its values, that an item is still as it was read.

    Every writing gives an item a new stamp. A count of writings would not do where items are
    removed: one made anew could have the number somebody read before.
    """
    return (NEW, {}) if before is None else (UNCHANGED, {"stamp": before["stamp"]})
