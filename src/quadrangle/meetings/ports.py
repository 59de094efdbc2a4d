"""What meetings need from the world, desktops apart (see desktops/ports.py)."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.page import Page
from quadrangle.meetings.model import Meeting, MeetingRole, Status


class MeetingQuery(msgspec.Struct, frozen=True):
    """Which meetings a list shows, by start; None does not narrow.

    `person_id` is an account's: either side. `first` is inclusive, `last` exclusive.
    """

    person_id: str | None = None
    status: Status | None = None
    first: str | None = None
    last: str | None = None
    newest_first: bool = False


class MeetingStore(Protocol):
    """Keeps meetings, each change with its change record. Raises Unavailable."""

    async def add(self, meetings: Sequence[Meeting], changes: Sequence[Change]) -> None:
        """Save new meetings, all or none. Raises Conflict when one takes an hour that is taken."""
        ...

    async def get(self, meeting_id: str) -> Meeting | None: ...

    async def save(self, meeting: Meeting, changes: Sequence[Change]) -> None:
        """Replace the meeting whose version is one less. Raises Conflict when there is none."""
        ...

    async def page(self, query: MeetingQuery, limit: int, cursor: str | None) -> Page[Meeting]:
        """Return meetings in order of their start. Raises InvalidInput for a cursor."""
        ...

    def unsettled(self, now: str) -> AsyncIterator[Meeting]:
        """Yield meetings that a sweep has to look at: those that are not over and whose launch
        window has begun, and those that are over with a desktop that is not gone."""
        ...


class Connection(msgspec.Struct, frozen=True):
    """One person's connection to their desktop or to the room.

    `kind` is "desktop" or "room". `ended_at` None: it is open, last known so at `seen_at`.
    """

    connection_id: str
    meeting_id: str
    role: MeetingRole
    kind: str
    begun_at: str
    seen_at: str
    ended_at: str | None = None


class PresenceStore(Protocol):
    """Keeps who was connected from when to when, apart from the meeting. Raises Unavailable."""

    async def put(self, connection: Connection) -> None:
        """Save a connection, or what is newly known of it."""
        ...

    async def of_meeting(self, meeting_id: str) -> list[Connection]: ...


class People(Protocol):
    """What meetings ask of accounts: addresses for mails, names, who is who."""

    async def email_of(self, account_id: str) -> str | None:
        """Return where mails to an open account go; None of one that is closed or not there."""
        ...

    async def by_email(self, email: str) -> tuple[str, str] | None:
        """Return id and name of the open account with that address."""
        ...
