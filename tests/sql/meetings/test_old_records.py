"""What an earlier release saved, this one reads."""

import msgspec

from quadrangle.meetings.model import Meeting, MeetingRole, Status, Workspace

# As the first release wrote it, with nothing that has a default.
FIRST = """{
  "meeting_id": "0b9e5d0e-4f0c-4c6e-8f57-1f0a2c1d3e4f", "teacher_name": "Ms Byron",
  "student_name": "Ada", "meet_time": "2026-11-21T09:30:00.000Z",
  "local_time": "2026-11-21T10:30:00", "time_zone": "Europe/Berlin",
  "created_at": "2026-11-20T09:30:00.000Z", "counts_from": "2026-11-20T09:30:00.000Z",
  "jitsi_url": "https://meet.campus.example/x",
  "frontend_base_url": "https://campus.example/meeting",
  "desktops": [{"role": "student", "generation": 2, "state": "HEALTHY",
    "since": "2026-11-21T09:25:00.000Z", "wanted_at": "2026-11-21T09:20:00.000Z",
    "attempt": {"number": 1, "token": "t", "begun_at": "2026-11-21T09:20:00.000Z",
      "ends_at": "2026-11-21T11:45:00.000Z"}}],
  "something_of_a_later_release": true
}"""


def test_a_meeting_of_the_first_release():
    meeting = msgspec.json.decode(FIRST, type=Meeting)
    assert (meeting.status, meeting.workspace) == (Status.SCHEDULED, Workspace.DESKTOP)
    assert (meeting.minutes, meeting.version, meeting.link_generation) == (60, 1, 1)
    desktop = meeting.desktop(MeetingRole.STUDENT)
    assert desktop
    assert (desktop.generation, desktop.failed_checks, desktop.machine_id) == (2, 0, None)
