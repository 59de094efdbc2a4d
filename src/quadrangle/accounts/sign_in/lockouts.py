"""Has tries counted and answered, in turn where they share a guard."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from weakref import WeakValueDictionary

import msgspec

from quadrangle.accounts.sign_in import lockout_rules
from quadrangle.accounts.sign_in.lockout_rules import Door, LookSlot, Tallies, TryOutcome
from quadrangle.accounts.sign_in.ports import AttemptStore
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Unavailable

# Two looks a second at a secret that is guessed from many places: 170,000 a day.
_SLOW_S, _SLOW_AT_ONCE = 1.0, 2


class SecretFinding(msgspec.Struct, frozen=True):
    """Whether the secret was right, and the change that tells of it, if one does.

    `undecided`: what was given is right so far and more is wanted; it counts neither way.
    """

    right: bool
    change: Change | None = None
    undecided: bool = False


class Lockouts:
    """Stands between a try and the look at the secret."""

    def __init__(
        self,
        store: AttemptStore,
        clock: Clock,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._clock = clock
        self._pause = pause
        self._turns = _Turns()

    async def run(self, door: Door, look: Callable[[], Awaitable[SecretFinding]]) -> bool:
        """Count a try, have `look` decide, and return whether the secret was right.

        Raises TooManyRequests, without a look, while `door` is locked.
        """
        async with self._turns.take(door.turns):
            # Reading first: whoever goes on while locked out costs no write.
            tallies = await self._store.load(door.keys)
            lockout_rules.require_open(door, tallies, self._clock.now())
            counted = (
                await self._update(door, lambda t: lockout_rules.begin(door, t, self._clock.now()))
            ).counted
            try:
                verdict = await self._look(door, tallies, look)
            except Unavailable:
                await self._update(door, lambda t: lockout_rules.take_back(t, counted))
                raise
            now, change = self._clock.now(), verdict.change
            if verdict.undecided:
                await self._update(door, lambda t: lockout_rules.take_back(t, counted))
            elif verdict.right:
                await self._update(
                    door, lambda t: lockout_rules.succeed(door, t, counted, change, now)
                )
            else:
                await self._update(door, lambda t: lockout_rules.fail(t, counted, change, now))
            return verdict.right

    async def _look(
        self, door: Door, tallies: Tallies, look: Callable[[], Awaitable[SecretFinding]]
    ) -> SecretFinding:
        if not door.is_slow(tallies, self._clock.now()) or door.slowing is None:
            return await look()
        async with self._turns.take((LookSlot(door.slowing.key, _SLOW_AT_ONCE),)):
            await self._pause(_SLOW_S)
            return await look()

    async def record(self, change: Change) -> None:
        """Save the change of a sign-in at which nothing could be guessed, so nothing is counted."""
        await self._store.update([], lambda _: TryOutcome(changes=(change,)), self._clock.now())

    async def forget(self, key: str) -> None:
        """Open a lock early, as when an admin gave out a new password."""
        await self._store.update([key], lambda _: TryOutcome({key: None}), self._clock.now())

    async def _update(self, door: Door, decide: Callable[[Tallies], TryOutcome]) -> TryOutcome:
        return await self._store.update(door.keys, decide, self._clock.now())


class _Turns:
    """Lets those who share a name go one at a time, or few.

    Within one process, right secrets given side by side are then not refused for the counting of
    each other, or only where hardly any try was left.
    """

    def __init__(self) -> None:
        self._places: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @contextlib.asynccontextmanager
    async def take(self, turns: tuple[LookSlot, ...]) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            # one order for all, or two could wait for each other
            for turn in sorted(turns, key=lambda each: each.name):
                places = self._places.setdefault(turn.name, asyncio.Semaphore(turn.at_once))
                await stack.enter_async_context(places)
            yield
