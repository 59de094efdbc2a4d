"""What a page needs to open a meeting's room on a Jitsi server."""

from datetime import datetime
from typing import Any, Protocol

import msgspec

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import NotFound
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.window_rules import ends_at

# How much later than the meeting's end a token may still be used, as it can be extended.
LEEWAY_S = 2 * 3600


class JitsiSettings(msgspec.Struct, frozen=True):
    """The domain, and for a server that wants tokens (prosody's `token` authentication) the
    application's id and secret."""

    domain: str = ""
    app_id: str = ""
    secret: str = ""


class RoomTokens(Protocol):
    """Signs the claims of a Jitsi token."""

    def sign(self, claims: dict[str, Any], secret: str) -> str: ...


class JitsiRoom(msgspec.Struct, frozen=True):
    """What the IFrame API is called with."""

    domain: str
    room: str
    name: str
    token: str | None = None


class JitsiRooms:
    """Tells pages how they open their room."""

    def __init__(self, settings: JitsiSettings, tokens: RoomTokens, clock: Clock) -> None:
        self._settings = settings
        self._tokens = tokens
        self._clock = clock

    def of(self, meeting: Meeting, side: MeetingRole) -> JitsiRoom:
        """Return how a side opens its room; the teacher moderates it. Raises NotFound where rooms
        are the platform's own."""
        settings, room = self._settings, meeting.meeting_id
        if not settings.domain:
            raise NotFound("The video room of this meeting is the platform's own.")
        name = meeting.teacher_name if side is MeetingRole.TEACHER else meeting.student_name
        if not settings.secret:
            return JitsiRoom(settings.domain, room, name)
        claims = claims_of(settings, meeting, side, name, self._clock.now())
        return JitsiRoom(settings.domain, room, name, self._tokens.sign(claims, settings.secret))


def claims_of(
    settings: JitsiSettings, meeting: Meeting, side: MeetingRole, name: str, now: datetime
) -> dict[str, Any]:
    """Return the claims, as Jitsi's `lib-jitsi-meet/doc/tokens.md` names them."""
    issued = int(now.timestamp())
    moderator = side is MeetingRole.TEACHER
    return {
        "aud": settings.app_id,
        "iss": settings.app_id,
        "sub": settings.domain,
        "room": meeting.meeting_id,
        "nbf": issued - 60,
        "exp": max(int(ends_at(meeting).timestamp()), issued) + LEEWAY_S,
        "context": {
            "user": {
                "id": f"{meeting.meeting_id}-{side.value}",
                "name": name,
                "moderator": "true" if moderator else "false",
                "affiliation": "owner" if moderator else "member",
            }
        },
    }
