"""What becomes of recordings when the account of one of the two closes, or is disabled.

Nobody is filmed who could not stop it any more, and no film is kept that nobody may see. Each may
be called again, late or out of order: it reads what is true now.
"""

from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.page import all_items
from quadrangle.kernel.principal import SYSTEM
from quadrangle.meetings.joining.acting_rules import account_of
from quadrangle.meetings.materials.sheets import SheetStore, write
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.ports import MeetingQuery, MeetingStore, People
from quadrangle.meetings.recording import rules
from quadrangle.meetings.recording.model import Recordings, RecordingState

_AT_ONCE = 100


async def has_left(people: People, meeting: Meeting) -> bool:
    """Tell whether one of the two has an account that is not open. Raises Unavailable."""
    return not all(await _open_accounts(people, meeting))


async def is_nobodys(people: People, meeting: Meeting) -> bool:
    """Tell whether both have accounts, and neither is open. Raises Unavailable."""
    found = await _open_accounts(people, meeting)
    return len(found) == len(MeetingRole) and not any(found)


async def _open_accounts(people: People, meeting: Meeting) -> list[bool]:
    """Return of each side with an account whether it is open."""
    accounts = [account_of(meeting, side) for side in MeetingRole]
    return [await people.email_of(each) is not None for each in accounts if each is not None]


class Leaving:
    """Ends what somebody who left can end no more. What is filmed ends by its own looks, which
    need only be asked for."""

    def __init__(
        self, meetings: MeetingStore, sheets: SheetStore[Recordings], people: People, clock: Clock
    ) -> None:
        self._meetings = meetings
        self._sheets = sheets
        self._people = people
        self._clock = clock

    def reactions(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        gone = frozenset({"account.closed", "account.changed"})
        return [
            Reaction("meetings.leave-recordings", gone, self.leave),
            Reaction("meetings.drop-film", frozenset({rules.READY}), self.drop),
        ]

    async def leave(self, change: Change) -> None:
        """End the recordings of somebody whose account is not open."""
        if await self._people.email_of(change.subject) is not None:
            return
        query = MeetingQuery(person_id=change.subject)
        async for meeting in all_items(lambda at: self._meetings.page(query, _AT_ONCE, at)):
            await self._withdraw(meeting)
            await self._drop(meeting)

    async def drop(self, change: Change) -> None:
        """Have a film removed that is ready for nobody."""
        meeting = await self._meetings.get(change.subject)
        if meeting is not None:
            await self._drop(meeting)

    async def _withdraw(self, meeting: Meeting) -> None:
        if (await self._sheets.get(meeting.meeting_id)).active is None:
            return
        now = self._clock.now()
        await write(
            self._sheets, meeting.meeting_id, lambda sheet: rules.withdrawn(sheet, SYSTEM, now)
        )

    async def _drop(self, meeting: Meeting) -> None:
        sheet = await self._sheets.get(meeting.meeting_id)
        kept = [each for each in sheet.recordings if each.state is RecordingState.READY]
        if not kept or not await is_nobodys(self._people, meeting):
            return
        now = self._clock.now()
        for each in kept:
            recording_id = each.recording_id
            await write(
                self._sheets,
                meeting.meeting_id,
                lambda known, its=recording_id: rules.discard(known, its, SYSTEM, now),
            )
