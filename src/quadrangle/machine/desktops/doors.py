"""The addresses that open desktops of this machine."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from quadrangle.meetings.model import Desktop, Meeting
from quadrangle.meetings.ports import Opening

_SOCKET_SCHEMES = {"http": "ws", "https": "wss"}


class PathDoors:
    """Implements meetings.ports.Doors. `public_url` is where people reach this server.

    The ticket stands behind the #, which no server and no Referer ever gets.
    """

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url.rstrip("/")

    def opening(self, meeting: Meeting, desktop: Desktop, ticket: str) -> Opening:
        side = urlencode({"id": meeting.meeting_id, "role": desktop.role.value})
        page = f"{self._public_url}/meeting?{side}#{urlencode({'ticket': ticket})}"
        return Opening(page, self.stream(meeting, desktop, ticket))

    def stream(self, meeting: Meeting, desktop: Desktop, ticket: str) -> str:
        """Return the address of a desktop's stream."""
        parts = urlsplit(self._public_url)
        path = f"{parts.path}/api/meetings/{meeting.meeting_id}/desktops/{desktop.role}/stream"
        query = urlencode({"ticket": ticket})
        return urlunsplit((_SOCKET_SCHEMES[parts.scheme], parts.netloc, path, query, ""))
