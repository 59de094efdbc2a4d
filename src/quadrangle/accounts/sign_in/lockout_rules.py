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
    `stranger`: otherwise anybody could lock others out by guessing wrong from elsewhere. `slowing`
    counts strangers' tries from everywhere and locks nobody: while it would, looks wait a little.
    """

    always: Guard
    stranger: Guard | None
    acquainted: Guard | None
    known: str
    turns: tuple[LookSlot, ...]
    slowing: Guard | None = None

    @property
    def keys(self) -> list[str]:
        guards = (self.always, self.stranger, self.acquainted, self.slowing)
        return [self.known, *(guard.key for guard in guards if guard)]

    def guards(self, tallies: Tallies, now: datetime) -> list[Guard]:
        """Return the guards that count a try made now."""
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
        known = tallies.get(self.known)
        return known is None or known.forget_at <= now


class TryOutcome(msgspec.Struct, frozen=True):
    """What to save: tallies by key (None removes one), and changes. `counted` did the counting."""

    tallies: dict[str, Tally | None] = {}
    changes: tuple[Change, ...] = ()
    counted: tuple[Guard, ...] = ()


MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
REMEMBERED = timedelta(days=30)

PIN_BY_ADDRESS = TryPolicy(5, MINUTE, HOUR, forget_one=HOUR)
# Guessing from many addresses: 100 tries at once, some 10 an hour in the long run. It
# takes about a thousand years at full speed to go through PINs of 8 digits then.
PIN_BY_STRANGERS = TryPolicy(100, MINUTE, 15 * MINUTE, forget_one=5 * MINUTE, cleared=False)
PASSWORD_BY_EMAIL = TryPolicy(5, MINUTE, HOUR, forget_one=HOUR)
# Not cleared by success: one's own account would buy any number of guesses at others'.
# A whole campus may sign in from one address, and comparing a password takes a tenth of a second.
# More at once would not be quicker, and each counts as wrong until it is known to be right.
PEOPLE_AT_ONCE = 4
PASSWORD_BY_ADDRESS = TryPolicy(20, MINUTE, HOUR, forget_one=3 * MINUTE, cleared=False)
# Of a secret that a whole class may have: what some guess wrong slows looks, and keeps nobody out.
SHARED_BY_NAME = TryPolicy(30, MINUTE, HOUR, forget_one=3 * MINUTE, cleared=False)
MAIL_BY_EMAIL = TryPolicy(5, MINUTE, HOUR, forget_one=HOUR, cleared=False)
# Behind one address may be a campus, whose first-year students all sign up on one day.
MAIL_BY_ADDRESS = TryPolicy(100, MINUTE, 15 * MINUTE, forget_one=MINUTE, cleared=False)
# Of wrong links. They are signed: this keeps the noise down and is not what makes them safe.
LINK_BY_ADDRESS = TryPolicy(20, MINUTE, HOUR, forget_one=3 * MINUTE, cleared=False)
LINK_BY_TOKEN = TryPolicy(10, MINUTE, HOUR, forget_one=3 * MINUTE)


def pin_door(address: str) -> Door:
    """Return what guards the staff PIN against `address`."""
    own = f"pin:{address}"
    return Door(
        always=Guard(own, PIN_BY_ADDRESS),
        stranger=Guard("pin", PIN_BY_STRANGERS),
        acquainted=None,
        known=f"pin-known:{address}",
        turns=(LookSlot(own),),
    )


def password_door(email: str, address: str) -> Door:
    """Return what guards the password of `email` against `address`."""
    by_address, by_email = f"password:{address}", f"password:{email}"
    return Door(
        always=Guard(by_address, PASSWORD_BY_ADDRESS),
        stranger=Guard(by_email, PASSWORD_BY_EMAIL),
        acquainted=Guard(f"password:{email}:{address}", PASSWORD_BY_EMAIL),
        known=f"password-known:{email}:{address}",
        turns=(LookSlot(by_address, PEOPLE_AT_ONCE), LookSlot(by_email)),
    )


def passkey_door(address: str) -> Door:
    """Return what guards passkeys against `address`: tries there count with passwords' tries.

    Nobody guesses a signature; but asking goes on as long as the answers do.
    """
    by_address = f"password:{address}"
    return Door(
        always=Guard(by_address, PASSWORD_BY_ADDRESS),
        stranger=None,
        acquainted=None,
        known=f"passkey-known:{address}",
        turns=(LookSlot(by_address, PEOPLE_AT_ONCE),),
    )


def mail_door(email: str, address: str) -> Door:
    """Return what guards against having mails sent to `email`, asked for from `address`.

    Each one counts: none of them is a right or a wrong secret.
    """
    by_address, by_email = f"mail:{address}", f"mail:{email}"
    return Door(
        always=Guard(by_address, MAIL_BY_ADDRESS),
        stranger=Guard(by_email, MAIL_BY_EMAIL),
        acquainted=None,
        known=f"mail-known:{email}:{address}",  # nobody ever is
        turns=(LookSlot(by_address), LookSlot(by_email)),
    )


def link_door(token_id: str, address: str) -> Door:
    """Return what guards links of mails against `address`; `token_id` tells tokens apart."""
    by_address, by_token = f"link:{address}", f"link:{token_id}"
    return Door(
        always=Guard(by_address, LINK_BY_ADDRESS),
        stranger=Guard(by_token, LINK_BY_TOKEN),
        acquainted=None,
        known=f"link-known:{token_id}",
        turns=(LookSlot(by_address), LookSlot(by_token)),
    )


def shared_door(name: str, address: str) -> Door:
    """Return what guards a secret that many people share against `address`; `name` tells it from
    others. Nobody is locked out by those who guess elsewhere."""
    by_address, here = f"shared:{address}", f"shared:{name}:{address}"
    return Door(
        always=Guard(by_address, PASSWORD_BY_ADDRESS),
        stranger=Guard(here, PASSWORD_BY_EMAIL),
        acquainted=Guard(here, PASSWORD_BY_EMAIL),
        known=f"shared-known:{name}:{address}",
        turns=(LookSlot(by_address, PEOPLE_AT_ONCE),),
        slowing=Guard(f"shared:{name}", SHARED_BY_NAME),
    )


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
    """The secret was right: clear or take back what was counted, and remember the place."""
    saved = _uncount(tallies, counted, clear=True)
    saved[door.known] = Tally(0, since=now, forget_at=now + REMEMBERED)
    return TryOutcome(saved, (change,) if change else ())


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
    tallies: Tallies, counted: tuple[Guard, ...], *, clear: bool
) -> dict[str, Tally | None]:
    saved: dict[str, Tally | None] = {}
    for guard in counted:
        tally = tallies.get(guard.key)
        if tally is None or tally.failures <= 1 or (clear and guard.policy.cleared):
            saved[guard.key] = None
        else:
            # The lock goes too: only one try is on its way once the count reaches the limit.
            saved[guard.key] = msgspec.structs.replace(
                tally, failures=tally.failures - 1, locked_until=None
            )
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
