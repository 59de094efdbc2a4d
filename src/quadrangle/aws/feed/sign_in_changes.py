"""Places of changes that come with no version of their subject: signing in, failing to, signing
out.

A count of them, kept per subject, would be one item every failed try must write; so the place is
the millisecond and a random number, and only a free one is taken. In their table they come after
the subject's counted changes; each says when it was.
"""

import random
from collections.abc import Sequence

from quadrangle.aws.base.dynamo import Operation
from quadrangle.aws.feed.changes import change_operations
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import from_text

# Places of one millisecond. With the 100 changes of a write they stay below 2**63 until 2262.
PLACES = 10_000


def sign_in_changes(table: str, changes: Sequence[Change]) -> list[Operation]:
    """Return what writes the changes of one write, which are of one instant.

    It does so under the condition that their place is free; try again with the places of another
    call when it is not.
    """
    if not changes:
        return []
    milliseconds = int(from_text(changes[0].at).timestamp() * 1000)
    place = milliseconds * PLACES + random.randrange(PLACES)  # noqa: S311 - not a secret
    operations = change_operations(table, changes, place)
    for operation in operations:
        operation["Put"]["ConditionExpression"] = "attribute_not_exists(subject)"
    return operations
