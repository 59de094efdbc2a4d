"""What meetings need from the world, desktops apart (see desktops/ports.py)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from quadrangle.kernel.change import Change
from quadrangle.kernel.page import Page
from quadrangle.kernel.principal import Role
from quadrangle.meetings.model import Desktop, Meeting, MeetingRole, Right, Status, Workspace
from quadrangle.meetings.oversight.model import Reaped
from quadrangle.meetings.presence.model import Connection
from quadrangle.meetings.scheduling.claims_model import HourClaim, RoomLimit


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
    """Keeps meetings, each change with its change record. Raises Unavailable.

    Claims are tested and written in the transaction of the meeting. They end with it.
    """

    async def add(
        self,
        meetings: Sequence[Meeting],
        changes: Sequence[Change],
        claims: Mapping[str, Sequence[HourClaim]] | None = None,
        limit: RoomLimit | None = None,
    ) -> None:
        """Save new meetings, all or none; `claims` are by meeting's id.

        Raises Conflict when a claim may not be beside those there are (HourTaken), or when there
        is no room for one of them.
        """
        ...

    async def get(self, meeting_id: str) -> Meeting | None: ...

    async def save(
        self,
        meeting: Meeting,
        changes: Sequence[Change],
        claims: Sequence[HourClaim] | None = None,
        limit: RoomLimit | None = None,
    ) -> None:
        """Replace the meeting whose version is one less. Raises Conflict when there is none.

        `claims` None leaves what the meeting has claimed; others take its place. Raises Conflict
        like `add`.
        """
        ...

    async def page(self, query: MeetingQuery, limit: int, cursor: str | None) -> Page[Meeting]:
        """Return meetings in order of their start. Raises InvalidInput for a cursor."""
        ...

    def unsettled(self, now: str) -> AsyncIterator[Meeting]:
        """Yield the meetings whose `look_at` has come: those that are not over and whose launch
        window has begun, and those that are over with a desktop that is not gone."""
        ...

    async def of_machine(self, machine_id: str) -> str | None:
        """Return the id of the meeting whose present desktop, of either side, that machine is."""
        ...


class PresenceStore(Protocol):
    """Keeps who was connected from when to when, apart from the meeting. Raises Unavailable."""

    async def put(self, connection: Connection) -> None:
        """Save a connection, or what is newly known of it.

        What is known comes late or twice: `seen_at` never goes back, and what ended stays so.
        """
        ...

    async def of_meeting(self, meeting_id: str) -> list[Connection]: ...


class People(Protocol):
    """What meetings ask of accounts: addresses for mails, names, who is who."""

    async def email_of(self, account_id: str) -> str | None:
        """Return where mails to an open account go; None of one that is closed or not there."""
        ...

    async def role_of(self, account_id: str) -> Role | None:
        """Return the role of an open account; None of one that is closed or not there."""
        ...

    async def name_of(self, account_id: str) -> str | None:
        """Return the name of an open account; None of one that is closed or not there."""
        ...

    async def by_email(self, email: str) -> tuple[str, str] | None:
        """Return id and name of the open account with that address."""
        ...


class LinkKeys(Protocol):
    """Signs what opens one side of a meeting. Raises what its key source raises."""

    def key(self, meeting_id: str, role: MeetingRole, generation: int) -> str:
        """Return the key of a link, the same each time."""
        ...

    def is_key(self, key: str, meeting_id: str, role: MeetingRole, generation: int) -> bool:
        """Tell whether a key is that, in a time that tells nothing of where it differs."""
        ...


class MachineKeys(Protocol):
    """Signs what a machine proves itself with. Raises what its key source raises."""

    def key(self, token: str) -> str:
        """Return the key of the machine that a launch token makes, the same each time."""
        ...

    def is_key(self, key: str, token: str) -> bool:
        """Tell whether a key is that, in a time that tells nothing of where it differs."""
        ...


class DownloadKeys(Protocol):
    """Signs addresses that open one file for some minutes, for whoever has them."""

    def sign(self, path: str, until: str) -> str: ...

    def is_signature(self, signature: str, path: str, until: str) -> bool:
        """Tell whether it is that, in a time that tells nothing of where it differs."""
        ...


class Ticket(msgspec.Struct, frozen=True):
    """Opens one connection to a desktop, once.

    `holder` is the side it was given to, `desktop` whose desktop it opens, of `generation`;
    `until` an instant as a text.
    """

    meeting_id: str
    holder: MeetingRole
    desktop: MeetingRole
    generation: int
    right: Right
    until: str


class Tickets(Protocol):
    """Keeps tickets until they are used, by the hash of what their holder has.

    Raises Unavailable.
    """

    async def add(self, ticket_hash: str, ticket: Ticket, now: datetime) -> None: ...

    async def take(self, ticket_hash: str) -> Ticket | None:
        """Return the ticket and forget it; None when there is none (any more)."""
        ...


class Opening(msgspec.Struct, frozen=True):
    """Where a desktop is opened: a page, and on one machine the address of its RFB stream."""

    url: str
    websocket: str | None = None


class Doors(Protocol):
    """Knows the address that opens a desktop with a ticket."""

    def opening(self, meeting: Meeting, desktop: Desktop, ticket: str) -> Opening: ...


class LaunchTimes(Protocol):
    """Remembers how long the last launches took. Raises Unavailable."""

    async def add(self, key: str, workspace: Workspace, seconds: float) -> None:
        """Remember one; of one `key` only the first time."""
        ...

    async def recent(self, workspace: Workspace) -> list[float]:
        """Return the seconds of the last fifty, at most."""
        ...


class ReapMarks(Protocol):
    """Remembers machines that seemed to be nobody's, and since when. Raises Unavailable."""

    async def load(self) -> dict[str, str]: ...

    async def replace(self, marks: Mapping[str, str]) -> None:
        """Remember these and no others."""
        ...


class ReapLog(Protocol):
    """Keeps which machines were reaped, each with its change record. Raises Unavailable."""

    async def add(self, reaped: Reaped) -> None: ...

    async def recent(self, limit: int) -> list[Reaped]:
        """Return the last of them, newest first."""
        ...
