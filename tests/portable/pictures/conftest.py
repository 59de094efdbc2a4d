"""What tests of the child process share."""

import multiprocessing
from collections.abc import Iterator

import pytest

from tests.portable.pictures.children import wait_for_end


@pytest.fixture
def no_child_is_left() -> Iterator[None]:
    yield
    for process in multiprocessing.active_children():
        assert process.pid is not None
        wait_for_end(process.pid)
