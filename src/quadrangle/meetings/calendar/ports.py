"""What calendars need from the world."""

from collections.abc import Sequence
from typing import Protocol

from quadrangle.kernel.change import Change
from quadrangle.meetings.calendar.model import Feed, ReminderChoice
from quadrangle.meetings.model import Meeting, MeetingRole


class JoinLinks(Protocol):
    """Knows where each side of a meeting joins."""

    def link(self, meeting: Meeting, role: MeetingRole) -> str: ...


class FeedStore(Protocol):
    """Keeps the feeds of people, at most one each, by the hash of its token. Raises Unavailable."""

    async def get(self, account_id: str) -> Feed | None: ...

    async def by_hash(self, token_hash: str) -> Feed | None: ...

    async def put(self, feed: Feed, changes: Sequence[Change]) -> None:
        """Save a feed in place of the one its person has, whose address then leads nowhere."""
        ...

    async def remove(self, account_id: str, changes: Sequence[Change]) -> bool:
        """Remove a person's feed; False, and nothing is saved, where there is none."""
        ...


class ReminderChoices(Protocol):
    """Keeps of what people want to be reminded. Raises Unavailable."""

    async def get(self, account_id: str) -> ReminderChoice:
        """Return what somebody has chosen, what is usual where nothing was."""
        ...

    async def put(self, account_id: str, choice: ReminderChoice) -> None: ...

    async def remove(self, account_id: str) -> None: ...
