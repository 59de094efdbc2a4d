"""Rooms on a Jitsi server: what pages are told, and what their policy lets them load."""

from pathlib import Path

import jwt
import pytest

from quadrangle.hosts.one_machine.services import check_settings
from quadrangle.hosts.one_machine.settings import SettingsError, read_settings
from tests.http.meetings.meeting_calls import key_of, scheduled
from tests.running import RunningServer

SECRET = "a secret of more than thirty-two bytes"


def asked(server: RunningServer, meeting_id: str, role: str, link: str):
    path = f"/api/meetings/{meeting_id}/jitsi-room?role={role}"
    return server.call("GET", path, headers={"X-Join-Key": key_of(link)})


def test_a_page_is_told_its_room_and_may_load_it(tmp_path: Path):
    server = RunningServer(
        tmp_path,
        QUADRANGLE_JITSI_DOMAIN="meet.example",
        QUADRANGLE_JITSI_APP_ID="campus",
        QUADRANGLE_JITSI_SECRET=SECRET,
    ).start()
    try:
        told = scheduled(server, server.sign_in())
        assert told["jitsi_url"] == f"https://meet.example/{told['id']}"
        for role, moderator in (("teacher", "true"), ("student", "false")):
            room = asked(server, told["id"], role, told[f"{role}_link"]).json
            assert (room["domain"], room["room"]) == ("meet.example", told["id"])
            claims = jwt.decode(room["token"], SECRET, algorithms=["HS256"], audience="campus")
            assert claims["context"]["user"]["moderator"] == moderator
        policies = {
            page: server.call("GET", page).headers["content-security-policy"]
            for page in ("/meeting", "/meeting/", "/meeting.html", "/", "/meet", "/sign-in")
        }
        allowed = [page for page, policy in policies.items() if "https://meet.example" in policy]
        assert allowed == ["/meeting", "/meeting/", "/meeting.html"]
        assert "script-src 'self' https://meet.example;" in policies["/meeting"]
        assert "frame-src 'self' https://meet.example" in policies["/meeting"]
    finally:
        server.stop()


def test_rooms_of_our_own_are_none_of_jitsis(server: RunningServer):
    told = scheduled(server, server.sign_in())
    assert asked(server, told["id"], "teacher", told["teacher_link"]).status == 404


@pytest.mark.parametrize(
    "settings",
    [
        {"QUADRANGLE_JITSI_DOMAIN": "https://meet.example"},
        {"QUADRANGLE_JITSI_DOMAIN": "meet.example; script-src *"},
        {"QUADRANGLE_JITSI_SECRET": SECRET},
        {"QUADRANGLE_JITSI_DOMAIN": "meet.example", "QUADRANGLE_JITSI_SECRET": SECRET},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(settings: dict[str, str]):
    with pytest.raises(SettingsError, match="QUADRANGLE_JITSI"):
        check_settings(read_settings(settings))
