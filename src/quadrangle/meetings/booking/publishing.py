"""A teacher publishes free hours, and takes them back."""

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.principal import Principal
from quadrangle.meetings.booking import hours_rules
from quadrangle.meetings.booking.hours_rules import NewHours
from quadrangle.meetings.booking.model import Hours
from quadrangle.meetings.booking.ports import HoursStore
from quadrangle.meetings.policy_model import MeetingPolicy


class Publishing:
    """What teachers do with hours of their own. Raises NotSignedIn, Forbidden, Unavailable."""

    def __init__(self, store: HoursStore, clock: Clock, policy: MeetingPolicy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    async def read(self, actor: Principal) -> Hours | None:
        """Return the hours of whoever asks, None before the first were published."""
        return await self._store.get(hours_rules.require_teacher(actor))

    async def publish(self, new: NewHours, actor: Principal, version: int | None = None) -> Hours:
        """Offer these hours in place of any before. What was booked stays as it is.

        With `version`, raises Conflict when they were saved since. Raises InvalidInput.
        """
        present = await self.read(actor)
        _require_version(present, version)
        hours, changes = hours_rules.publish(present, new, actor, self._clock.now(), self._policy)
        await self._store.save(hours, changes)
        return hours

    async def withdraw(self, actor: Principal, version: int | None = None) -> Hours:
        """Offer no hours any more. What was booked stays as it is. Raises NotFound, Conflict."""
        present = await self.read(actor)
        if present is None:
            raise NotFound("You have not published any hours.")
        _require_version(present, version)
        hours, changes = hours_rules.withdraw(present, actor, self._clock.now())
        if changes:
            await self._store.save(hours, changes)
        return hours


def _require_version(present: Hours | None, version: int | None) -> None:
    stored = 0 if present is None else present.version
    if version is not None and version != stored:
        raise Conflict()
