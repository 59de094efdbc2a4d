"""Whether what opened a connection would open it now: links are renewed, accounts are closed."""

from typing import Protocol

from quadrangle.meetings.joining.acting_rules import account_of
from quadrangle.meetings.model import MeetingRole
from quadrangle.meetings.ports import MeetingStore, People


class Opened(Protocol):
    """A connection of a side, and what opened it: an account, else a link of a generation."""

    @property
    def meeting_id(self) -> str: ...

    @property
    def holder(self) -> MeetingRole: ...

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
        """Tell whether the account is open still, or else the link is of the present ones and
        the account that its side is, if any, is open."""
        if opened.account_id is not None:
            return await self._is_open(opened.account_id)
        meeting = await self._store.get(opened.meeting_id)
        if meeting is None or meeting.link_generation != opened.link_generation:
            return False
        account_id = account_of(meeting, opened.holder)
        return account_id is None or await self._is_open(account_id)

    async def _is_open(self, account_id: str) -> bool:
        return await self._people.email_of(account_id) is not None
