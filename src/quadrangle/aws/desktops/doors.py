"""The addresses that open desktops in the browser: Amazon DCV's own page."""

from urllib.parse import urlencode

from quadrangle.kernel.errors import Unavailable
from quadrangle.meetings.model import Desktop, Meeting
from quadrangle.meetings.ports import Opening


class DcvDoors:
    """Implements meetings.ports.Doors.

    The page hands the ticket to the machine, which asks us whose it is
    (meetings/http/desktops/machines.py). Its session bears the machine's id, so that a ticket
    opens no other machine.
    """

    def opening(self, meeting: Meeting, desktop: Desktop, ticket: str) -> Opening:
        if desktop.link is None or desktop.machine_id is None:
            raise Unavailable("This desktop is not ready just now.")
        query = urlencode({"authToken": ticket})
        return Opening(f"{desktop.link}/?{query}#{desktop.machine_id}")
