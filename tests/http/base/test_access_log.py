"""The line of the log that each request has."""

import io
import json
import sys
from typing import Any

import pytest

from quadrangle.http.access_log import AccessLog

SECRET = "/api/meetings/feed/"


class Stdout:
    """Standard output as bytes."""

    def __init__(self, buffer: Any) -> None:
        self.buffer = buffer


class Full(io.RawIOBase):
    """A file on a disk that is full."""

    def write(self, data: Any) -> int:
        raise OSError(28, "No space left on device")


def written(monkeypatch: pytest.MonkeyPatch, log: AccessLog, *said: Any) -> str:
    """Return what is written of one request, by GET."""
    buffer = io.BytesIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", Stdout(buffer))
        log.line("r1", "GET", *said)
    return buffer.getvalue().decode()


def test_it_says_what_was_asked_and_answered(monkeypatch: pytest.MonkeyPatch):
    log = AccessLog(gathered=False)
    line = json.loads(written(monkeypatch, log, "/a", 200, 0.01234, {"issue_type": "Network"}))
    assert line.pop("timestamp").endswith("Z")
    said = {"event": "request", "level": "info", "request_id": "r1", "method": "GET", "path": "/a"}
    assert line == {**said, "status": 200, "ms": 12.34, "issue_type": "Network"}


def test_what_else_is_said_stands_in_place_of_a_field(monkeypatch: pytest.MonkeyPatch):
    """And not beside it: a path may hold a signature, which whoever answers leaves out."""
    more = {"path": "/m/-/x"}
    text = written(monkeypatch, AccessLog(gathered=False), "/m/signature/x", 200, 0.01, more)
    assert "signature" not in text
    assert text.count('"path"') == 1
    assert json.loads(text)["path"] == "/m/-/x"


@pytest.mark.parametrize("path", [SECRET, "/api//meetings/feed/", "//api/meetings///feed//"])
def test_a_secret_path_is_cut_however_many_slashes_it_has(
    monkeypatch: pytest.MonkeyPatch, path: str
):
    log = AccessLog(gathered=False, secret_paths=("/x/", SECRET))
    text = written(monkeypatch, log, path + "token", 200, 0.01)
    assert json.loads(text)["path"] == SECRET + "…"


def test_a_log_that_cannot_be_written_stops_nobody(monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", Stdout(Full()))
        AccessLog(gathered=False).line("r1", "GET", "/a", 200, 0.01)
