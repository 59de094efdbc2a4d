"""Somebody who uploads, somebody else, and a film."""

from pathlib import Path

import pytest

from tests.http.videos.film import Uploader, hired_as, make_clip
from tests.running import RunningServer


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_clip(tmp_path_factory.mktemp("clip")).read_bytes()


@pytest.fixture(scope="session")
def clip_path(clip: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "clip.mp4"
    path.write_bytes(clip)
    return path


@pytest.fixture(scope="session")
def ada(server: RunningServer, admin: str) -> Uploader:
    return hired_as(server, admin, "ada@campus.example", "teacher")


@pytest.fixture(scope="session")
def ben(server: RunningServer, admin: str) -> Uploader:
    return hired_as(server, admin, "ben@campus.example", "teacher")
