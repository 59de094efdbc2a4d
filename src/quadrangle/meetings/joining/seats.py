"""Which side of a meeting is asking: whoever holds its link, or the account that is one of both."""

import msgspec

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Forbidden, InvalidInput, NotFound, NotSignedIn
from quadrangle.kernel.principal import ANYONE, Principal
from quadrangle.meetings.joining.acting_rules import account_of, acting
from quadrangle.meetings.joining.links import Links
from quadrangle.meetings.life_rules import require_open
from quadrangle.meetings.model import Meeting, MeetingRole
from quadrangle.meetings.policy_model import MeetingPolicy
from quadrangle.meetings.ports import MeetingStore
from quadrangle.meetings.scheduling.rules import sees_all
from quadrangle.meetings.writing import existing


class Seat(msgspec.Struct, frozen=True):
    """One side of a meeting, for whoever asks as it: an account, None for who holds the link.

    `who` is whoever is signed in, whatever let them in.
    """

    meeting: Meeting
    side: MeetingRole
    account_id: str | None = None
    who: Principal = ANYONE


class View(msgspec.Struct, frozen=True):
    """A meeting for whoever looks at it: one side, or staff, whose `side` is None."""

    meeting: Meeting
    side: MeetingRole | None
    who: Principal = ANYONE

    @property
    def actor(self) -> Principal:
        """Return whom records name for what is done here."""
        return self.who if self.side is None else acting(self.side, self.who)


class Seats:
    """Tells who asks."""

    def __init__(
        self, store: MeetingStore, links: Links, clock: Clock, policy: MeetingPolicy
    ) -> None:
        self._store = store
        self._links = links
        self._clock = clock
        self._policy = policy

    async def take(
        self, meeting_id: str, role: str | None, key: str | None, principal: Principal
    ) -> Seat:
        """Return the seat in a meeting that is not over.

        With a key it is the link's, which `role` has to name; without one it is the account's, and
        `role` says which where it has both. Raises InvalidInput for a key that is wrong, NotFound,
        NotSignedIn, Forbidden, Gone, Unavailable.
        """
        seat = await self._seat(meeting_id, role, key, principal)
        require_open(seat.meeting, self._clock.now(), self._policy)
        return seat

    async def view(
        self, meeting_id: str, role: str | None, key: str | None, principal: Principal
    ) -> View:
        """Return a meeting, over or not, for one of its sides or staff; staff who are one of the
        two look as that one. Raises like `take`, but not Gone for a meeting that is over."""
        try:
            seat = await self._seat(meeting_id, role, key, principal)
        except (NotFound, NotSignedIn):
            if key is not None or not sees_all(principal):
                raise
            return View(await existing(self._store, meeting_id), None, principal)
        return View(seat.meeting, seat.side, principal)

    async def _seat(
        self, meeting_id: str, role: str | None, key: str | None, principal: Principal
    ) -> Seat:
        if key is not None:
            meeting, side = await self._links.open(meeting_id, role or "", key, principal)
            return Seat(meeting, side, None, principal)
        if principal.account_id is None:
            raise NotSignedIn("Please open the link you were sent, or sign in.")
        meeting = await existing(self._store, meeting_id)
        sides = _sides_of(meeting, principal.account_id)
        if not sides:
            raise NotFound("Meeting not found")
        if role is None and len(sides) > 1:
            raise InvalidInput.at("role", "You are both sides of this meeting: please say which.")
        side = sides[0] if role is None else _named(role)
        if side not in sides:
            raise Forbidden("This is for the other side of the meeting.")
        await self._links.require_open_account(meeting, side)
        return Seat(meeting, side, principal.account_id, principal)


def _sides_of(meeting: Meeting, account_id: str) -> list[MeetingRole]:
    return [side for side in MeetingRole if account_of(meeting, side) == account_id]


def _named(role: str) -> MeetingRole:
    try:
        return MeetingRole(role)
    except ValueError:
        raise InvalidInput.at("role", "This must be teacher or student.") from None
