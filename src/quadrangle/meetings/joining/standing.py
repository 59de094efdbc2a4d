"""Whether what opened a connection would open it now: links are renewed, accounts are closed."""

from typing import Protocol

from quadrangle.meetings.ports import MeetingStore, People


class Opened(Protocol):
    """A connection, and what it was opened by: an account, else a link of a generation."""

    @property
    def meeting_id(self) -> str: ...

    @property
    def account_id(self) -> str | None: ...

    @property
    def link_generation(self) -> int: ...


class Standing:
    """Looks again. Raises Unavailable."""

    def __init__(self, store: MeetingStore, people: People) -> None:
        self._store = store
        self._people = people

    async def holds(self, opened: Opened) -> bool:
        """Tell whether the account is open still, or else the link is of the present ones."""
        if opened.account_id is not None:
            return await self._people.email_of(opened.account_id) is not None
        meeting = await self._store.get(opened.meeting_id)
        return meeting is not None and meeting.link_generation == opened.link_generation
