"""What tests of both ways share, the hot lane and the framework."""

import asyncio
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """One event loop for the tests of a module, which keep connections from one to the next."""
    with asyncio.Runner() as made:
        yield made
