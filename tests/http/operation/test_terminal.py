"""What whoever starts the server reads of it in a terminal."""

import os
import pty
import re
import select
import time

import pytest

from quadrangle.hosts.one_machine.settings import read_settings
from quadrangle.http.access_log import AccessLog
from tests.running import RunningServer


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("", "http://localhost:8000"),
        ("127.0.0.1", "http://localhost:8000"),
        ("0.0.0.0", "http://localhost:8000"),
        ("::1", "http://localhost:8000"),
        ("192.0.2.7", "http://192.0.2.7:8000"),
        ("2001:db8::7", "http://[2001:db8::7]:8000"),
    ],
)
def test_the_server_goes_by_a_name_on_its_own_machine_as_passkeys_need_it(host, address):
    assert read_settings({"QUADRANGLE_HOST": host}).public_url == address


def test_a_terminal_keeps_what_is_shown_once_in_sight(tmp_path):
    """Requests have no lines there, but what went wrong has."""
    server = RunningServer(tmp_path, QUADRANGLE_STAFF_PIN="")
    leader, follower = pty.openpty()
    server.log = type(server.log)(os.ttyname(follower))
    try:
        server.start()
        for _ in range(3):
            server.call("GET", "/api/config")
        shown = _read(leader)
    finally:
        server.end()
        os.close(leader)
        os.close(follower)
    assert re.search(r"Staff PIN: +\S+", shown), shown
    assert "the PIN under Settings" in shown
    assert '"event":"request"' not in shown


def _read(descriptor: int) -> str:
    read, until = b"", time.monotonic() + 2
    waiting = select.poll()  # select() knows no descriptors beyond 1,023
    waiting.register(descriptor, select.POLLIN)
    while time.monotonic() < until:
        if waiting.poll(100):
            read += os.read(descriptor, 65536)
    return read.decode()


def test_what_went_wrong_is_logged_for_who_watches_too(capsysbinary):
    log = AccessLog(gathered=False, whole=False)
    log.line("r1", "GET", "/api/config", 200, 0.01)
    log.line("r2", "POST", "/report-issue", 503, 0.01)
    (line,) = capsysbinary.readouterr().out.splitlines()
    assert b'"r2"' in line
