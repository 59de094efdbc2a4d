"""The doors of desktops on AWS."""

from quadrangle.kernel.errors import Unavailable
from quadrangle.meetings.model import Desktop, Meeting
from quadrangle.meetings.ports import Opening


class NoDoors:
    """Implements meetings.ports.Doors where there are none."""

    def opening(self, meeting: Meeting, desktop: Desktop, ticket: str) -> Opening:
        raise Unavailable("This installation has no desktops.")
