"""What goes out with each call of the table of rights."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from quadrangle.kernel.ids import new_id
from tests.http.issues.test_photos import jpeg
from tests.running import ADMIN_EMAIL, ADMIN_PASSWORD, STAFF_PIN, wait_for

if TYPE_CHECKING:
    from tests.http.base.rights import World

SCOPES = frozenset(
    {
        "issues:report",
        "issues:read",
        "issues:write",
        "statistics:read",
        "metrics:read",
        "meetings:schedule",
    }
)
PASSWORD = "a quiet green door"  # of whoever is signed in for one call only


class Call(msgspec.Struct):
    """What goes out: with none of these the bare call."""

    body: Any = None
    content: bytes | None = None
    headers: dict[str, str] = {}
    ids: dict[str, str] = {}


class SignedIn(msgspec.Struct, frozen=True):
    """Somebody who calls. `account_id` is None for the PIN."""

    token: str
    refresh_token: str
    account_id: str | None = None


Maker = Callable[["World", "SignedIn | None"], Call]

REFRESH = ("POST", "/api/accounts/refresh")
ENDING = {
    ("DELETE", "/api/accounts/me/sessions/{sessionId}"),
    ("POST", "/api/accounts/me/close"),
    ("POST", "/api/accounts/sign-out"),
    ("POST", "/api/accounts/sign-out-everywhere"),
    ("PUT", "/api/accounts/me/password"),
    REFRESH,
}
BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/api/gallery/processing/retry"): {},
    ("POST", "/api/gallery/processing/{videoId}/retry"): {},
    ("POST", "/api/accounts/api-keys"): {
        "name": "Machine",
        "scopes": ["issues:read"],
        "plan": "basic",
    },
    ("PATCH", "/api/accounts/me"): {"name": "Somebody"},
    ("POST", "/api/mail/outbox/test"): {"to": "postmaster@campus.example"},
    ("POST", "/api/accounts/me/close"): {"password": PASSWORD},
    ("PUT", "/api/accounts/me/password"): {
        "currentPassword": PASSWORD,
        "newPassword": "another green door",
    },
    ("POST", "/api/accounts/me/passkeys"): {
        "state": "nobodys.state",
        "name": "Phone",
        "credential": {},
    },
    ("POST", "/api/accounts/me/passkeys/options"): {"password": PASSWORD},
    ("PATCH", "/api/accounts/me/passkeys/{passkeyId}"): {"name": "Phone"},
    ("POST", "/api/accounts/me/passkeys/{passkeyId}/remove"): {"password": PASSWORD},
    ("POST", "/api/accounts/me/recovery-codes"): {"password": PASSWORD},
    ("POST", "/api/accounts/me/totp"): {"password": PASSWORD},
    ("POST", "/api/accounts/me/totp/confirm"): {"enrolment": "nobodys", "code": "123456"},
    ("POST", "/api/accounts/me/totp/remove"): {"password": PASSWORD, "code": "123456"},
    ("POST", "/api/accounts/passkey"): {"state": "nobodys.state", "credential": {}},
    ("PATCH", "/api/accounts/people/{accountId}"): {},
    ("POST", "/api/accounts/pin"): {"pin": STAFF_PIN},
    ("PUT", "/api/accounts/pin"): {"pin": STAFF_PIN},
    ("POST", "/report-issue"): {
        "issueType": "Network",
        "location": "Library",
        "description": "It is broken",
    },
    ("PUT", "/api/meetings/hours"): {
        "timeZone": "Europe/Berlin",
        "minutes": 60,
        "weekly": [{"weekday": 0, "begins": "14:00", "ends": "16:00"}],
    },
    ("POST", "/api/meetings/feed"): {},
    ("PUT", "/api/meetings/reminders"): {"day": True, "hour": False},
    ("POST", "/api/meetings/teachers/{teacherId}/bookings"): {
        "startsAt": "2027-05-03T10:00:00.000Z"
    },
    ("POST", "/api/courses"): {"title": "Mechanics"},
    ("POST", "/api/issues/mine"): {"reports": [{"issueId": new_id()}]},
    ("PATCH", "/api/issues/{issueId}"): {"priority": "HIGH"},
    ("POST", "/api/issues/{issueId}/replies"): {"text": "Is it done?"},
    ("POST", "/api/issues/{issueId}/notes"): {"text": "Not yet."},
}


def _someone(world: World, person: SignedIn | None) -> Call:
    return Call(body={"email": f"{new_id()}@campus.example"})


def _with_token(**more: str) -> Maker:
    """Return what makes calls with a token that is nobody's, each time another."""
    return lambda world, person: Call(body={"token": f"{new_id()}.token", **more})


def _new_email(world: World, person: SignedIn | None) -> Call:
    return Call(body={"email": f"{new_id()}@campus.example", "password": PASSWORD})


def _invite(world: World, person: SignedIn | None) -> Call:
    body = {"email": f"{new_id()}@campus.example", "name": "Bo", "role": "student"}
    return Call(body=body)


def _bring_in(world: World, person: SignedIn | None) -> Call:
    listed = f"email,name,role\n{new_id()}@campus.example,Bo,student\n"
    return Call(content=listed.encode(), headers={"Content-Type": "text/csv"})


def _invited(world: World, person: SignedIn | None) -> Call:
    return Call(ids={"accountId": world.invited("student")["account"]["accountId"]})


def _corrected(world: World, person: SignedIn | None) -> Call:
    account = world.invited("student")["account"]
    body = {"email": f"{new_id()}@campus.example"}
    return Call(ids={"accountId": account["accountId"]}, body=body)


def _made_key(world: World, person: SignedIn | None) -> Call:
    made = world.api_key(frozenset({"issues:read"}))
    return Call(ids={"apiKeyId": made["apiKey"]["apiKeyId"]})


def _sign_in(world: World, person: SignedIn | None) -> Call:
    return Call(body={"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD})


def _sign_up(world: World, person: SignedIn | None) -> Call:
    email = f"{new_id()}@campus.example"
    return Call(body={"email": email, "name": "Bo", "password": PASSWORD})


def _resend(world: World, person: SignedIn | None) -> Call:
    return Call(ids={"mailId": wait_for(world.kept_mail, "a mail that is not on its way")})


def _refresh(world: World, person: SignedIn | None) -> Call:
    return Call(body={"refreshToken": person.refresh_token} if person else {})


def _set_status(world: World, person: SignedIn | None) -> Call:
    return Call(body={"issueId": world.issue_id, "status": "IN_PROGRESS"})


def _set_catalog(world: World, person: SignedIn | None) -> Call:
    present = world.server.call("GET", "/api/issues/settings", token=world.admin).json
    names = ("campusName", "issueTypes", "locations", "version")
    return Call(body={name: present[name] for name in names})


def _add_photo(world: World, person: SignedIn | None) -> Call:
    issue_id = world.server.report()
    return Call(content=jpeg(), headers={"Content-Type": "image/jpeg"}, ids={"issueId": issue_id})


def _delete_photo(world: World, person: SignedIn | None) -> Call:
    issue_id = world.server.report()
    return Call(ids={"issueId": issue_id, "photoId": world.photo(issue_id)})


def _schedule(world: World, person: SignedIn | None) -> Call:
    return Call(body=world.meeting_body())


def _schedule_series(world: World, person: SignedIn | None) -> Call:
    first = world.meeting_body()
    return Call(
        body={
            "teacherName": first["teacher_name"],
            "studentName": first["student_name"],
            "meetTime": first["meet_time"],
            "repeat": {"times": 1},
        }
    )


def _meeting(body: Any = None) -> Maker:
    """Return what makes calls about a meeting of others, each time another."""

    def make(world: World, person: SignedIn | None) -> Call:
        return Call(ids={"meetingId": world.meeting()}, body=body)

    return make


_MOVED = {"meetTime": "2028-05-03T10:00:00Z"}
_ABOUT_MEETINGS: dict[tuple[str, str], Any] = {
    ("GET", "/join/{meetingId}/{role}"): None,
    ("GET", "/api/meetings/{meetingId}/lobby"): None,
    ("GET", "/api/meetings/{meetingId}/events"): None,
    ("GET", "/api/meetings/{meetingId}"): None,
    ("PATCH", "/api/meetings/{meetingId}"): _MOVED,
    ("POST", "/api/meetings/{meetingId}/cancel"): {},
    ("POST", "/api/meetings/{meetingId}/cancel-following"): {},
    ("POST", "/api/meetings/{meetingId}/end"): {},
    ("POST", "/api/meetings/{meetingId}/retry"): {},
    ("POST", "/api/meetings/{meetingId}/force-end"): {"reason": "The room is on fire."},
    ("POST", "/api/meetings/{meetingId}/extend"): {"minutes": 5},
    ("POST", "/api/meetings/{meetingId}/links"): {},
    ("PUT", "/api/meetings/{meetingId}/booking"): {"startsAt": "2027-05-03T10:00:00.000Z"},
    ("DELETE", "/api/meetings/{meetingId}/booking"): None,
    ("GET", "/api/meetings/{meetingId}/invitation.ics"): None,
    ("POST", "/api/meetings/{meetingId}/control"): {"action": "watch"},
    ("GET", "/api/meetings/{meetingId}/control"): None,
    ("POST", "/api/meetings/{meetingId}/tickets"): {"desktop": "teacher"},
    ("POST", "/api/meetings/{meetingId}/room"): {},
    ("POST", "/api/meetings/{meetingId}/room/{participantId}/messages"): {"kind": "ping"},
    ("GET", "/api/meetings/{meetingId}/room/{participantId}/messages"): None,
    ("GET", "/api/meetings/{meetingId}/files"): None,
    ("POST", "/api/meetings/{meetingId}/files"): None,
    ("DELETE", "/api/meetings/{meetingId}/files/{fileId}"): None,
    ("GET", "/api/meetings/{meetingId}/recordings"): None,
    ("POST", "/api/meetings/{meetingId}/recordings"): {"action": "stop"},
    ("DELETE", "/api/meetings/{meetingId}/recordings/{recordingId}"): None,
    ("GET", "/api/meetings/{meetingId}/outcome"): None,
    ("PUT", "/api/meetings/{meetingId}/note"): {"text": "Well done."},
    ("POST", "/api/meetings/{meetingId}/downloads"): {"kind": "take-home", "name": "1"},
    ("GET", "/api/meetings/{meetingId}/take-home/{generation}"): None,
    ("GET", "/api/meetings/{meetingId}/files/{fileId}/content"): None,
    ("GET", "/api/meetings/{meetingId}/chat"): None,
    ("GET", "/api/meetings/{meetingId}/recordings/{recordingId}/film"): None,
    ("GET", "/api/meetings/{meetingId}/jitsi-room"): None,
}


def _video(body: Any = None) -> Maker:
    """Return what makes calls about a video of somebody else's, each time another."""

    def make(world: World, person: SignedIn | None) -> Call:
        return Call(ids={"videoId": world.video()}, body=body)

    return make


_ABOUT_VIDEOS: dict[tuple[str, str], Any] = {
    ("GET", "/api/gallery/videos/{videoId}"): None,
    ("PUT", "/api/gallery/videos/{videoId}"): {"title": "Another"},
    ("DELETE", "/api/gallery/videos/{videoId}"): None,
    ("POST", "/api/gallery/videos/{videoId}/link"): {},
    ("PUT", "/api/gallery/videos/{videoId}/film"): {"keep": []},
    ("PUT", "/api/gallery/videos/{videoId}/offer"): {"download": "none"},
    ("GET", "/api/gallery/videos/{videoId}/plays"): None,
    ("GET", "/api/gallery/videos/{videoId}/links"): None,
    ("POST", "/api/gallery/videos/{videoId}/links"): {},
    ("DELETE", "/api/gallery/videos/{videoId}/links/{linkId}"): None,
    ("POST", "/api/gallery/videos/{videoId}/unlock"): {"key": "none", "password": "none"},
    ("POST", "/api/gallery/videos/{videoId}/retry"): {},
    ("POST", "/api/gallery/videos/{videoId}/take-down"): {"reason": "It names a patient."},
    ("POST", "/api/gallery/videos/{videoId}/give-back"): {},
    ("GET", "/api/gallery/videos/{videoId}/sharing"): None,
    ("PUT", "/api/gallery/videos/{videoId}/sharing"): {"people": [], "courses": []},
    ("PUT", "/api/gallery/videos/{videoId}/seen"): {"seen": True},
    ("GET", "/api/gallery/videos/{videoId}/position"): None,
    ("PUT", "/api/gallery/videos/{videoId}/position"): {"at": 5, "of": 60},
    ("GET", "/api/gallery/videos/{videoId}/captions"): None,
    ("PUT", "/api/gallery/videos/{videoId}/captions/{language}"): {},
    ("DELETE", "/api/gallery/videos/{videoId}/captions/{language}"): None,
    ("GET", "/api/gallery/videos/{videoId}/captions/{language}"): None,
    ("PUT", "/api/gallery/videos/{videoId}/captions/{language}/cues"): {"version": "", "cues": []},
    ("GET", "/api/gallery/videos/{videoId}/captions/{language}/file"): None,
    ("GET", "/api/gallery/videos/{videoId}/chapters"): None,
    ("PUT", "/api/gallery/videos/{videoId}/chapters"): {"version": "", "chapters": []},
    ("POST", "/api/gallery/videos/{videoId}/speech"): {},
    ("DELETE", "/api/gallery/videos/{videoId}/speech"): None,
    ("GET", "/api/stream/{videoId}/qualities"): None,
}


def _course(body: Any = None) -> Maker:
    """Return what makes calls about a course of somebody else's, each time another."""
    return lambda world, person: Call(ids={"courseId": world.course()}, body=body)


_COURSE = "/api/courses/{courseId}"
_ABOUT_COURSES: dict[tuple[str, str], Any] = {
    ("GET", _COURSE): None,
    ("PUT", _COURSE): {"title": "Another"},
    ("DELETE", _COURSE): None,
    ("PUT", _COURSE + "/videos"): {"videos": []},
    ("GET", _COURSE + "/members"): None,
    ("POST", _COURSE + "/members"): {"email": ADMIN_EMAIL},
    ("DELETE", _COURSE + "/members/{accountId}"): None,
    ("GET", _COURSE + "/teachers"): None,
    ("POST", _COURSE + "/teachers"): {"email": ADMIN_EMAIL},
    ("DELETE", _COURSE + "/teachers/{accountId}"): None,
    ("PUT", _COURSE + "/owner"): {"email": ADMIN_EMAIL},
    ("GET", _COURSE + "/feed"): None,
    ("POST", _COURSE + "/feed"): {},
    ("DELETE", _COURSE + "/feed"): None,
}

CALLS: dict[tuple[str, str], Maker] = {
    ("DELETE", "/api/accounts/api-keys/{apiKeyId}"): _made_key,
    ("PUT", "/api/accounts/me/email"): _new_email,
    ("POST", "/api/accounts/confirmation"): _someone,
    ("POST", "/api/accounts/confirm"): _with_token(),
    ("PUT", "/api/accounts/password-reset"): _with_token(newPassword=PASSWORD),
    ("POST", "/api/accounts/invitation/look"): _with_token(),
    ("POST", "/api/accounts/invitation"): _with_token(name="Bo", password=PASSWORD),
    ("POST", "/api/accounts/password-reset"): _someone,
    ("POST", "/api/accounts/people"): _invite,
    ("POST", "/api/accounts/people/import"): _bring_in,
    ("PUT", "/api/accounts/people/{accountId}/email"): _corrected,
    ("POST", "/api/accounts/people/{accountId}/invitation"): _invited,
    ("POST", "/api/accounts/sign-in"): _sign_in,
    ("POST", "/api/accounts/sign-up"): _sign_up,
    REFRESH: _refresh,
    ("POST", "/schedule"): _schedule,
    ("POST", "/api/meetings/series"): _schedule_series,
    **{call: _meeting(body) for call, body in _ABOUT_MEETINGS.items()},
    **{call: _video(body) for call, body in _ABOUT_VIDEOS.items()},
    **{call: _course(body) for call, body in _ABOUT_COURSES.items()},
    ("POST", "/api/mail/outbox/{mailId}/resend"): _resend,
    ("PUT", "/update-status"): _set_status,
    ("PUT", "/api/issues/settings"): _set_catalog,
    ("POST", "/api/issues/{issueId}/photos"): _add_photo,
    ("DELETE", "/api/issues/{issueId}/photos/{photoId}"): _delete_photo,
}
