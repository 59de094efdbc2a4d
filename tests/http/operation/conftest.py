"""Servers with folders of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.http.operation.commands import Make
from tests.running import RunningServer


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Make servers (not yet started) with folders of their own."""
    made: list[RunningServer] = []

    def make(name: str = "campus", **environment: str) -> RunningServer:
        folder = tmp_path / name
        folder.mkdir()
        made.append(RunningServer(folder, **environment))
        return made[-1]

    yield make
    for server in made:
        server.end()
