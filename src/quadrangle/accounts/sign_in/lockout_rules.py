"""How often someone may try a secret, and how long to wait then. Pure: the time is an argument.

Each try is counted before the secret is looked at, and uncounted when it was right. So tries made
side by side, in any number of processes, never get more looks than the policy has.
"""

import math
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from quadrangle.accounts.model import Tally
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import TooManyRequests

Tallies = Mapping[str, Tally]


class TryPolicy(msgspec.Struct, frozen=True):
    """`tries` wrong ones lock for `first_lock`, each further one for twice as long as before.

    One is forgotten for each `forget_one` that passes without a lock. A right secret clears the
    whole count where `cleared`; else it only takes back its own try.
    """

    tries: int
    first_lock: timedelta
    longest_lock: timedelta
    forget_one: timedelta
    cleared: bool = True


class Guard(msgspec.Struct, frozen=True):
    """A policy and the key its tries are counted under."""

    key: str
    policy: TryPolicy


class LookSlot(msgspec.Struct, frozen=True):
    """Within a process, so many tries that share this name are looked at `at_once`."""

    name: str
    at_once: int = 1


class Door(msgspec.Struct, frozen=True):
    """What guards one try: `always`, and `stranger` or `acquainted` where there are such.

    Whoever succeeds is known at `known` for a while, and then counts under `acquainted` instead of
    `stranger`: otherwise anybody could lock others out by guessing wrong from elsewhere. A known
    `device` counts alone: else whoever guesses locks out all behind the same address. `slowing`
    counts strangers' tries from everywhere and locks nobody: while it would, looks wait a little.
    """

    always: Guard
    stranger: Guard | None
    acquainted: Guard | None
    known: str
    turns: tuple[LookSlot, ...]
    slowing: Guard | None = None
    device: "KnownDevice | None" = None

    @property
    def keys(self) -> list[str]:
        guards = (self.always, self.stranger, self.acquainted, self.slowing)
        own = [self.device.known, self.device.guard.key] if self.device else []
        return [self.known, *(guard.key for guard in guards if guard), *own]

    def guards(self, tallies: Tallies, now: datetime) -> list[Guard]:
        """Return the guards that count a try made now."""
        if self.device is not None and _holds(tallies.get(self.device.known), now):
            return [self.device.guard]
        second = self.stranger if self._is_strange(tallies, now) else self.acquainted
        return [self.always, *([second] if second else [])]

    def counting(self, tallies: Tallies, now: datetime) -> list[Guard]:
        """Return all that count a try made now: what locks, and what slows strangers."""
        slows = self.slowing is not None and self._is_strange(tallies, now)
        return [*self.guards(tallies, now), *([self.slowing] if self.slowing and slows else [])]

    def is_slow(self, tallies: Tallies, now: datetime) -> bool:
        """Tell whether a look for a stranger is to wait, for others have guessed a lot."""
        if self.slowing is None or not self._is_strange(tallies, now):
            return False
        return bool(wait(tallies.get(self.slowing.key), self.slowing.policy, now))

    def _is_strange(self, tallies: Tallies, now: datetime) -> bool:
        return not _holds(tallies.get(self.known), now)


class KnownDevice(msgspec.Struct, frozen=True):
    """A device that has shown a mark. Once somebody succeeded with it there, `known` says so, and
    what counts its tries is `guard` alone."""

    known: str
    guard: Guard


def _holds(known: Tally | None, now: datetime) -> bool:
    return known is not None and known.forget_at > now


class TryOutcome(msgspec.Struct, frozen=True):
    """What to save: tallies by key (None removes one), and changes. `counted` did the counting."""

    tallies: dict[str, Tally | None] = {}
    changes: tuple[Change, ...] = ()
    counted: tuple[Guard, ...] = ()


# For how long a place or a device is known after a sign-in there.
REMEMBERED = timedelta(days=30)


def begin(door: Door, tallies: Tallies, now: datetime) -> TryOutcome:
    """Count a try at `door`. Raises TooManyRequests, with the wait, while a guard is locked."""
    require_open(door, tallies, now)
    counted = tuple(door.counting(tallies, now))
    return TryOutcome(
        {guard.key: count(tallies.get(guard.key), guard.policy, now) for guard in counted},
        counted=counted,
    )


def require_open(door: Door, tallies: Tallies, now: datetime) -> None:
    """Raise TooManyRequests, with the wait, while a guard of `door` is locked."""
    waits = (wait(tallies.get(guard.key), guard.policy, now) for guard in door.guards(tallies, now))
    longest = max(waits)
    if longest:
        raise TooManyRequests(
            f"Too many tries. Please try again in {_spoken(longest)}.",
            retry_after_s=longest.total_seconds(),
        )


def succeed(
    door: Door, tallies: Tallies, counted: tuple[Guard, ...], change: Change | None, now: datetime
) -> TryOutcome:
    """The secret was right: clear or take back what was counted, and remember the place and the
    device."""
    saved = _uncount(tallies, counted, clear=True, also=_mistyped(tallies, counted, now))
    for known in (door.known, door.device.known if door.device else door.known):
        saved[known] = Tally(0, since=now, forget_at=now + REMEMBERED)
    return TryOutcome(saved, (change,) if change else ())


def _mistyped(tallies: Tallies, counted: tuple[Guard, ...], now: datetime) -> int:
    """Return how many tries before this one were of the same person, who was right in the end.

    Those that an address has forgotten by now are not taken back from it once more.
    """
    own = [guard for guard in counted if guard.policy.cleared]
    at_address = [guard.policy for guard in counted if not guard.policy.cleared]
    found = [_remembered(tallies.get(g.key), p, now)[0] for g in own for p in at_address]
    return max(0, min(found, default=0) - 1)


def fail(
    tallies: Tallies, counted: tuple[Guard, ...], change: Change | None, now: datetime
) -> TryOutcome:
    """The secret was wrong: what was counted stays. Tells in the change until when it locks."""
    if change is None:
        return TryOutcome()
    found = (tallies.get(guard.key) for guard in counted)
    locks = [t.locked_until for t in found if t and t.locked_until and t.locked_until > now]
    if locks:
        data = {**change.data, "lockedUntil": to_text(max(locks))}
        change = msgspec.structs.replace(change, data=data)
    return TryOutcome(changes=(change,))


def take_back(tallies: Tallies, counted: tuple[Guard, ...]) -> TryOutcome:
    """The secret could not be looked at: nobody is to blame."""
    return TryOutcome(_uncount(tallies, counted, clear=False))


def _uncount(
    tallies: Tallies, counted: tuple[Guard, ...], *, clear: bool, also: int = 0
) -> dict[str, Tally | None]:
    saved: dict[str, Tally | None] = {}
    for guard in counted:
        tally = tallies.get(guard.key)
        left = 0 if tally is None else tally.failures - 1 - also
        if tally is None or left <= 0 or (clear and guard.policy.cleared):
            saved[guard.key] = None
        else:
            # The lock goes too: only one try is on its way once the count reaches the limit.
            saved[guard.key] = msgspec.structs.replace(tally, failures=left, locked_until=None)
    return saved


def wait(tally: Tally | None, policy: TryPolicy, now: datetime) -> timedelta:
    """Return how long the lock still lasts, zero without one; never more than the longest lock,
    even when the clock was set back meanwhile."""
    if tally is None or tally.locked_until is None:
        return timedelta()
    return min(max(tally.locked_until - now, timedelta()), policy.longest_lock)


def count(tally: Tally | None, policy: TryPolicy, now: datetime) -> Tally:
    """Return the tally after one more failure at `now`, with the lock that follows from it."""
    failures, since = _remembered(tally, policy, now)
    failures += 1
    locked_until = None
    if failures >= policy.tries:
        doublings = min(failures - policy.tries, 30)
        locked_until = now + min(policy.first_lock * 2**doublings, policy.longest_lock)
        since = locked_until
    return Tally(
        failures,
        since=since,
        forget_at=since + policy.forget_one * failures,
        locked_until=locked_until,
    )


def _remembered(tally: Tally | None, policy: TryPolicy, now: datetime) -> tuple[int, datetime]:
    """Return the failures not forgotten yet, and from when on the next is forgotten."""
    if tally is None:
        return 0, now
    forgotten = max(0, (now - tally.since) // policy.forget_one)
    if forgotten >= tally.failures:
        return 0, now
    return tally.failures - forgotten, tally.since + policy.forget_one * forgotten


def _spoken(span: timedelta) -> str:
    seconds = math.ceil(span.total_seconds())
    if seconds < 120:
        return f"{seconds} seconds" if seconds > 1 else "a second"
    return f"{-(-seconds // 60)} minutes"
