"""Who meetings are written to calendars for, and secret addresses of whole calendars."""

import msgspec

from quadrangle.meetings.model import Meeting, MeetingRole


class Organizer(msgspec.Struct, frozen=True):
    """Whom invitations come from: the platform, by the address that its mails have."""

    name: str
    address: str


class Invited(msgspec.Struct, frozen=True):
    """One side of a meeting as an invitation reaches them.

    `link` is where they join; None where they are told elsewhere. Whoever has not `agreed` is
    asked to.
    """

    role: MeetingRole
    address: str
    link: str | None = None
    agreed: bool = True


class CalendarEntry(msgspec.Struct, frozen=True):
    """A meeting as a person's own calendar shows it."""

    meeting: Meeting
    role: MeetingRole
    link: str | None = None


class Feed(msgspec.Struct, frozen=True):
    """The secret address that a person's meetings are read at, known here by its hash only."""

    account_id: str
    token_hash: str
    created_at: str


class ReminderChoice(msgspec.Struct, frozen=True):
    """Of what somebody is reminded by mail: a day before a meeting, an hour before it."""

    day: bool = True
    hour: bool = True

    def wants(self, minutes: int) -> bool:
        """Tell whether that includes a reminder so many minutes before."""
        return self.day if minutes >= 24 * 60 else self.hour
