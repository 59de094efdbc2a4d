"""Watching and helping: one verb per use case. What is decided holds here at once, and in other
processes when they hear of the change."""

from collections.abc import Callable

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Forbidden
from quadrangle.kernel.principal import ANYONE, Principal
from quadrangle.meetings.control import rules
from quadrangle.meetings.control.model import LETS_IN, Action, Control
from quadrangle.meetings.control.ports import ControlStore
from quadrangle.meetings.control.switchboard import Switchboard
from quadrangle.meetings.joining.acting_rules import acting, require_person
from quadrangle.meetings.joining.ticketing import Ticketing
from quadrangle.meetings.model import Meeting, MeetingRole, Right
from quadrangle.meetings.writing import retrying

Decide = Callable[[Control], rules.Decision]


class Supervision:
    """Every verb raises Unavailable, and Conflict when others write all the time."""

    def __init__(
        self,
        store: ControlStore,
        ticketing: Ticketing,
        switchboard: Switchboard,
        clock: Clock,
    ) -> None:
        self._store = store
        self._ticketing = ticketing
        self._switchboard = switchboard
        self._clock = clock

    async def now(self, meeting_id: str) -> Control:
        """Return how it is, without viewers that went silent."""
        control = await self._store.get(meeting_id)
        silent_at = rules.silent_at(control)
        if silent_at is None or self._clock.now() <= silent_at:
            return control
        return await self._write(
            meeting_id, lambda known: rules.forget_silent(known, self._clock.now())
        )

    async def act(
        self, meeting: Meeting, side: MeetingRole, wanted: Action, who: Principal = ANYONE
    ) -> Control:
        """Do what a side wants; `who` is whoever is signed in. Raises Gone, Forbidden, Conflict as
        rules.act does, and Forbidden where a link alone does not let others in."""
        if wanted in LETS_IN:
            require_person(meeting, side, who)
        if wanted is Action.TAKE_BACK and side is MeetingRole.STUDENT:
            self._switchboard.take_back(meeting.meeting_id)
        return await self._write(
            meeting.meeting_id,
            lambda control: rules.act(control, side, wanted, acting(side, who), self._clock.now()),
        )

    async def ticket(
        self,
        meeting: Meeting,
        side: MeetingRole,
        desktop: MeetingRole,
        account_id: str | None = None,
    ) -> tuple[Right, str]:
        """Return what a side may do on a desktop now, and a ticket to it.

        `account_id` is whose account asks, None for who holds the link. Raises Forbidden where it
        may not even see it, Conflict where the desktop is not ready.
        """
        control = await self.now(meeting.meeting_id)
        may = rules.right(control, side, desktop)
        if may is None:
            raise Forbidden("Please say first that you want to watch.")
        of_ticket = may if side is desktop else Right.WATCH
        told = await self._ticketing.issue(
            meeting, side, desktop, of_ticket, offered=control.offered, account_id=account_id
        )
        return may, told

    async def connect(self, meeting: Meeting, side: MeetingRole, connection_id: str) -> Control:
        """Take in a connection to the other side's desktop, before it sees anything.

        Raises Gone, Forbidden, Conflict.
        """
        return await self._write(
            meeting.meeting_id,
            lambda control: rules.connect(control, side, connection_id, self._clock.now()),
        )

    async def leave(self, meeting_id: str, connection_id: str) -> Control:
        """Note that a connection has ended, and with it the hand that hung on it."""
        return await self._write(
            meeting_id,
            lambda control: rules.leave(control, [connection_id], self._clock.now()),
        )

    async def seen(self, meeting_id: str, connection_id: str) -> None:
        """Note that a connection is open still."""

        now = self._clock.now()
        await self._write(meeting_id, lambda control: rules.seen(control, [connection_id], now))

    async def end(self, meeting_id: str) -> None:
        """End all of it with the meeting. Safe to repeat."""
        await self._write(meeting_id, lambda control: rules.end(control, self._clock.now()))

    async def refresh(self, meeting_id: str) -> None:
        """Take what another process decided to the connections here."""
        self._switchboard.apply(await self._store.get(meeting_id))

    async def _write(self, meeting_id: str, decide: Decide) -> Control:
        async def attempt() -> Control:
            before = await self._store.get(meeting_id)
            after, changes = decide(before)
            if after != before:
                await self._store.save(after, changes)
            return after

        control = await retrying(attempt)
        self._switchboard.apply(control)
        return control
