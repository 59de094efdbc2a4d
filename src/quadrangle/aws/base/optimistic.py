"""Reading, deciding and writing where others may write in between: again until nobody did."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from quadrangle.aws.base.dynamo import ConditionFailed
from quadrangle.kernel.errors import Unavailable

T = TypeVar("T")

# Some 3 s of pauses at most. Whoever loses as often meets more writers than one item bears.
ATTEMPTS = 12
FIRST_PAUSE_S = 0.025
LONGEST_PAUSE_S = 0.4


def retry_until_written(attempt: Callable[[], T], sleep: Callable[[float], None] = time.sleep) -> T:
    """Return what `attempt` gives. It reads, decides and writes under conditions that hold only
    while what it read does; when one fails it is made again. Raises Unavailable after too many.
    """
    for number in range(ATTEMPTS):
        try:
            return attempt()
        except ConditionFailed:
            longest = min(FIRST_PAUSE_S * 2**number, LONGEST_PAUSE_S)
            sleep(random.random() * longest)  # noqa: S311 - not a secret
    raise Unavailable()
