"""New links: what the earlier ones had opened ends."""

from tests.http.issues.test_live import Stream, streams
from tests.http.meetings.meeting_calls import key_of, scheduled
from tests.running import RunningServer

__all__ = ["streams"]


def test_the_events_of_an_earlier_link_end(
    server: RunningServer, admin: str, streams: list[Stream]
):
    told = scheduled(server, admin)
    path = f"/api/meetings/{told['id']}"
    events = f"{path}/events?role=student&key={key_of(told['student_link'])}"
    stream = Stream(server, events)
    streams.append(stream)
    moved = {"meetTime": "2027-05-03T10:00", "timeZone": "Europe/Berlin"}
    assert server.call("PATCH", path, moved, token=admin).status == 200
    assert stream.change()["kind"] == "meeting.moved"

    renewed = server.call("POST", f"{path}/links", {}, token=admin)
    assert renewed.status == 200
    assert stream.has_ended()
    assert server.call("GET", events).status == 410
