"""Turns errors of AWS into the kernel's."""

import contextlib
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from quadrangle.kernel.errors import Unavailable


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Raise Unavailable for whatever AWS refuses or does not answer; the log gets the cause.

    Errors that mean something to the caller are to be caught inside, by `code_of`.
    """
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise Unavailable() from error


def code_of(error: ClientError) -> str:
    """Return AWS's name for an error, e.g. `ConditionalCheckFailedException`."""
    details: Any = error.response.get("Error", {})
    return details.get("Code", "")
