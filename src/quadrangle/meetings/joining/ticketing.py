"""Tickets: each opens one connection to one desktop, once, within a minute.

Of a ticket only its hash is kept. Behind the secret in it stands whom it was given to, an account
or a link of a generation; with another one there it is another ticket. Whoever uses it hears
what it opens now: a meeting that is over, a link that was renewed and a desktop that was replaced
open nothing any more.
"""

import hashlib
import secrets

import msgspec

from quadrangle.kernel.clock import Clock, from_text, to_text
from quadrangle.kernel.errors import Conflict, Forbidden, Gone
from quadrangle.kernel.ids import is_id
from quadrangle.meetings.joining.links import RENEWED
from quadrangle.meetings.life_rules import require_open
from quadrangle.meetings.model import Desktop, DesktopState, Meeting, MeetingRole, Right
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.ports import MeetingStore, Ticket, Tickets

OVER = "This ticket was used already or has expired. Please fetch a new one."
_TICKET_BYTES = 32
_LONGEST_TICKET = 128  # characters; ours have 80


class Admission(msgspec.Struct, frozen=True):
    """What a ticket opened, and who was given it: an account, None for who holds a link."""

    meeting: Meeting
    desktop: Desktop
    holder: MeetingRole
    right: Right
    account_id: str | None


class Ticketing:
    """Gives tickets out and takes them."""

    def __init__(
        self, store: MeetingStore, tickets: Tickets, clock: Clock, policy: MeetingPolicy
    ) -> None:
        self._store = store
        self._tickets = tickets
        self._clock = clock
        self._policy = policy

    async def issue(
        self,
        meeting: Meeting,
        holder: MeetingRole,
        of: MeetingRole,
        right: Right,
        *,
        offered: bool = False,
        account_id: str | None = None,
    ) -> str:
        """Return a ticket to the desktop of a side. Raises Forbidden, Conflict, Unavailable.

        One's own opens with either right. The teacher may watch the student's; what they may do
        there beyond is asked in the session. A student sees the teacher's only where that is
        `offered`, and never does more. `account_id` is whose account asks, None for a link.
        """
        uninvited = holder is MeetingRole.STUDENT and not offered
        if of is not holder and (uninvited or right is not Right.WATCH):
            raise Forbidden("This desktop is not yours to open.")
        desktop = meeting.desktop(of)
        if desktop is None or desktop.state is not DesktopState.HEALTHY:
            raise Conflict("This desktop is not ready just now.")
        now = self._clock.now()
        until = to_text(now + self._policy.ticket_life)
        told = f"{secrets.token_urlsafe(_TICKET_BYTES)}.{account_id or meeting.link_generation}"
        ticket = Ticket(meeting.meeting_id, holder, of, desktop.generation, right, until)
        await self._tickets.add(_hash(told), ticket, now)
        return told

    async def take(self, told: str) -> Admission:
        """Use a ticket up and return what it opens. Raises Gone, Unavailable."""
        ticket = await self._tickets.take(_hash(told)) if len(told) <= _LONGEST_TICKET else None
        now = self._clock.now()
        if ticket is None or now >= from_text(ticket.until):
            raise Gone(OVER)
        meeting = await self._store.get(ticket.meeting_id)
        if meeting is None:
            raise Gone(OVER)
        require_open(meeting, now, self._policy)
        account_id = _account_of(told)
        if account_id is None and not told.endswith(f".{meeting.link_generation}"):
            raise Gone(RENEWED)
        desktop = meeting.desktop(ticket.desktop)
        if desktop is None or desktop.generation != ticket.generation or desktop.link is None:
            raise Gone("This desktop was replaced. Please fetch a new ticket.")
        return Admission(meeting, desktop, ticket.holder, ticket.right, account_id)


def _account_of(told: str) -> str | None:
    given_to = told.partition(".")[2]
    return given_to if is_id(given_to) else None


def _hash(told: str) -> str:
    return hashlib.sha256(told.encode(errors="replace")).hexdigest()
