"""Has meetings and published hours bear the present names of the accounts they are of.

What was mailed keeps what it said. Safe to repeat, late and out of order: the name is asked for
after what bears it was read, so a closed account's name never comes back.
"""

import msgspec

from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.page import all_items
from quadrangle.kernel.principal import SYSTEM
from quadrangle.meetings import life_rules
from quadrangle.meetings.booking import hours_rules
from quadrangle.meetings.booking.ports import HoursStore
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.ports import MeetingQuery, MeetingStore, People
from quadrangle.meetings.status_rules import decide
from quadrangle.meetings.writing import existing, retrying

_AT_ONCE = 100


class Renaming:
    """Every verb raises Unavailable."""

    def __init__(
        self,
        meetings: MeetingStore,
        hours: HoursStore,
        people: People,
        clock: Clock,
        policy: MeetingPolicy,
    ) -> None:
        self._meetings = meetings
        self._hours = hours
        self._people = people
        self._clock = clock
        self._policy = policy

    def reactions(self) -> list[Reaction]:
        """Return every reaction, for the host to register."""
        kinds = frozenset({"account.changed"})
        return [Reaction("meetings.follow-name", kinds, self.follow_name, _is_of_name)]

    async def follow_name(self, change: Change) -> None:
        """Have everything of an account bear its present name."""
        account_id = change.subject
        await retrying(lambda: self._rename_hours(account_id))
        query = MeetingQuery(person_id=account_id)
        async for meeting in all_items(lambda at: self._meetings.page(query, _AT_ONCE, at)):
            await self._rename(meeting.meeting_id, account_id)

    async def _rename_hours(self, account_id: str) -> None:
        hours = await self._hours.get(account_id)
        name = await self._people.name_of(account_id)
        if hours is None or name is None or hours.teacher_name == name:
            return
        renamed = msgspec.structs.replace(hours, teacher_name=name, version=hours.version + 1)
        told = hours_rules.renamed(renamed, self._clock.now())
        await self._hours.save(renamed, [told])

    async def _rename(self, meeting_id: str, account_id: str) -> None:
        async def attempt() -> None:
            meeting, now = await existing(self._meetings, meeting_id), self._clock.now()
            name = await self._people.name_of(account_id)
            if name is None:
                return
            renamed, told = life_rules.rename(meeting, account_id, name, now)
            decided, changes = decide(meeting, renamed, told, SYSTEM, now, self._policy)
            if changes:
                await self._meetings.save(decided, changes)

        await retrying(attempt)


def _is_of_name(change: Change) -> bool:
    return change.data.get("field") == "name"
