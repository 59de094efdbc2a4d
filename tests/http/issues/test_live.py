"""Changes as they happen: server-sent events for the reporter's page and the staff list."""

import contextlib
import json
import queue
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quadrangle.hosts.one_machine.serve import STOP_GRACE_S
from quadrangle.http.asking.auth import SESSION_COOKIE
from quadrangle.kernel.ids import new_id
from tests.running import RunningServer

PATIENCE_S = 30


class Stream:
    """An open stream, read in a thread of its own. An event is a dict of its fields."""

    def __init__(self, server: RunningServer, path: str, **headers: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", server.port), PATIENCE_S)
        self._socket.settimeout(None)
        # in HTTP/1.0 the body is not cut into chunks
        lines = [f"GET {path} HTTP/1.0", *(f"{name}: {value}" for name, value in headers.items())]
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self._answer = self._socket.makefile("rb")
        self.status = int(self._answer.readline().split()[1])
        self.headers = dict(self._headers())
        self._events: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        if self.status == 200:
            # from here on the server has the reader on its list
            assert self.next()["comment"] == "welcome"

    def _headers(self) -> Iterator[tuple[str, str]]:
        while line := self._answer.readline().decode().strip():
            name, _, value = line.partition(":")
            yield name.lower(), value.strip()

    def _read(self) -> None:
        fields: dict[str, Any] = {}
        with contextlib.suppress(ConnectionResetError):  # closed by a test
            while line := self._answer.readline():
                name, _, value = line.decode().rstrip("\n").partition(":")
                if name or value:
                    fields[name or "comment"] = value.removeprefix(" ")
                elif fields:
                    self._events.put(fields)
                    fields = {}
        self._events.put(None)

    def next(self) -> dict[str, Any]:
        """Return the next event; fail when the stream ended or nothing comes."""
        event = self._events.get(timeout=PATIENCE_S)
        assert event is not None, "the stream ended"
        return event

    def change(self) -> dict[str, Any]:
        """Return the data of the next change."""
        event = self.next()
        while "event" not in event:  # heartbeats
            event = self.next()
        assert event["event"] == "change"
        data = json.loads(event["data"])
        assert event["id"] == str(data["seq"])
        return data

    def has_ended(self) -> bool:
        return self._events.get(timeout=PATIENCE_S) is None

    def close(self) -> None:
        """Go away, as a browser does that leaves the page."""
        with contextlib.suppress(OSError):  # the server may have closed it already
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()


@pytest.fixture
def streams() -> Iterator[list[Stream]]:
    """Streams to close afterwards."""
    opened: list[Stream] = []
    yield opened
    for stream in opened:
        stream.close()


def follow(streams: list[Stream], server: RunningServer, issue_id: str) -> Stream:
    streams.append(Stream(server, f"/api/issues/{issue_id}/events"))
    return streams[-1]


def follow_all(streams: list[Stream], server: RunningServer, token: str) -> Stream:
    streams.append(Stream(server, "/api/issues/events", Authorization=f"Bearer {token}"))
    return streams[-1]


@pytest.mark.smoke
def test_the_reporters_page_hears_of_changes(each_server: RunningServer, streams: list[Stream]):
    server = each_server
    token = server.sign_in()
    issue_id = server.report()
    stream = follow(streams, server, issue_id)
    assert stream.status == 200
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert stream.headers["cache-control"] == "no-store"
    assert stream.headers["x-accel-buffering"] == "no"

    server.call("PUT", "/update-status", {"issueId": issue_id, "status": "RESOLVED"}, token=token)
    server.call("POST", f"/api/issues/{issue_id}/replies", {"text": "Thank you"})
    moved, replied = stream.change(), stream.change()
    assert (moved["kind"], replied["kind"]) == ("issue.status-changed", "issue.replied")
    assert set(moved) == {"seq", "kind", "issueId", "at"}
    assert moved["issueId"] == replied["issueId"] == issue_id
    assert moved["seq"] < replied["seq"]


def test_the_reporters_page_hears_nothing_of_what_is_for_staff(
    each_server: RunningServer, streams: list[Stream]
):
    server = each_server
    token = server.sign_in()
    me = server.call("GET", "/api/accounts/me", token=token).json["accountId"]
    issue_id, other = server.report(), server.report()
    holder, staff = follow(streams, server, issue_id), follow_all(streams, server, token)
    path = f"/api/issues/{issue_id}"
    server.call("POST", path + "/notes", {"text": "Suspicious."}, token=token)
    server.call("PATCH", path, {"assigneeId": me}, token=token)
    server.call("POST", f"/api/issues/{other}/replies", {"text": "Elsewhere"})
    server.call("POST", path + "/replies", {"text": "We look into it."}, token=token)
    heard = [staff.change() for _ in range(4)]
    assert [(change["kind"], change["issueId"]) for change in heard] == [
        ("issue.noted", issue_id),
        ("issue.assigned", issue_id),
        ("issue.replied", other),
        ("issue.replied", issue_id),
    ]
    assert holder.change() == heard[3]  # and nothing before it


@pytest.mark.smoke
def test_staff_hears_of_all_issues_and_of_nothing_else(
    each_server: RunningServer, streams: list[Stream]
):
    server = each_server
    token = server.sign_in()
    stream = follow_all(streams, server, token)
    settings = server.call("GET", "/api/issues/settings", token=token).json
    assert server.call("PUT", "/api/issues/settings", settings, token=token).status == 200
    first, second = server.report(), server.report()
    assert [stream.change()["issueId"], stream.change()["issueId"]] == [first, second]


def test_many_readers_hear_the_same(server: RunningServer, streams: list[Stream], admin: str):
    issue_id = server.report()
    readers = [follow(streams, server, issue_id) for _ in range(20)]
    server.call("PATCH", f"/api/issues/{issue_id}", {"priority": "LOW"}, token=admin)
    heard = [reader.change() for reader in readers]
    assert heard == [heard[0]] * 20
    assert heard[0]["kind"] == "issue.priority-changed"


def test_a_page_follows_with_its_cookie(server: RunningServer, streams: list[Stream]):
    cookie = f"{SESSION_COOKIE}={server.sign_in()}"
    streams.append(Stream(server, "/api/issues/events", Cookie=cookie))
    issue_id = server.report()
    assert streams[-1].change()["issueId"] == issue_id


def test_all_issues_are_followed_by_staff_only(server: RunningServer):
    for token in (None, "not.a.token"):
        answer = server.call("GET", "/api/issues/events", token=token)
        assert answer.status == 401
        assert answer.json["message"].endswith(".")


@pytest.mark.parametrize("issue_id", [new_id(), "nothing", "%00"])
def test_an_issue_that_is_not_there_is_not_followed(each_server: RunningServer, issue_id: str):
    answer = each_server.call("GET", f"/api/issues/{issue_id}/events")
    assert (answer.status, answer.json) == (404, {"message": "Issue not found"})


def test_a_reader_who_leaves_disturbs_nobody(server: RunningServer, streams: list[Stream]):
    issue_id = server.report()
    gone, stays = follow(streams, server, issue_id), follow(streams, server, issue_id)
    gone.close()
    for text in ("One", "Two"):
        server.call("POST", f"/api/issues/{issue_id}/replies", {"text": text})
    assert [stays.change()["kind"], stays.change()["kind"]] == ["issue.replied"] * 2


def test_streams_end_with_a_bye_when_the_server_stops(tmp_path: Path, streams: list[Stream]):
    server = RunningServer(tmp_path).start()
    try:
        holder = follow(streams, server, server.report())
        staff = follow_all(streams, server, server.sign_in())
        started = time.monotonic()
        code = server.stop()
        seconds = time.monotonic() - started
        for stream in (holder, staff):
            assert stream.next() == {"event": "bye", "data": "{}"}
            assert stream.has_ended()
        assert code == 0
        # not waited for until patience ran out: the streams were ended
        assert seconds < STOP_GRACE_S
    finally:
        server.end()
