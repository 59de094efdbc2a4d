"""How often a secret may be tried: the rules, walked at random against plain bookkeeping."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from quadrangle.accounts.model import Tally
from quadrangle.accounts.sign_in import lockout_rules
from quadrangle.accounts.sign_in.door_rules import (
    HOUR,
    MINUTE,
    PASSWORD_BY_ADDRESS,
    PASSWORD_BY_EMAIL,
    PIN_BY_ADDRESS,
    PIN_BY_STRANGERS,
    passkey_door,
    password_door,
    pin_door,
)
from quadrangle.accounts.sign_in.lockout_rules import REMEMBERED, Door, Guard, count, wait
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import to_text
from quadrangle.kernel.errors import TooManyRequests
from tests.properties import examples

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
CHANGE = Change("account.sign-in-failed", "x", {}, "Someone", to_text(NOW))
POLICIES = [PIN_BY_ADDRESS, PIN_BY_STRANGERS, PASSWORD_BY_EMAIL, PASSWORD_BY_ADDRESS]


class Book:
    """Tallies as a store keeps them."""

    def __init__(self) -> None:
        self.tallies: dict[str, Tally] = {}
        self.now = NOW

    def begin(self, door: Door) -> tuple[Guard, ...]:
        return self._save(lockout_rules.begin(door, self.tallies, self.now)).counted

    def end(self, door: Door, counted: tuple[Guard, ...], *, right: bool) -> None:
        if right:
            self._save(lockout_rules.succeed(door, self.tallies, counted, CHANGE, self.now))
        else:
            self._save(lockout_rules.fail(self.tallies, counted, CHANGE, self.now))

    def attempt(self, door: Door, *, right: bool = False) -> timedelta | None:
        """Try once; return None when there was a look, else how long to wait."""
        try:
            counted = self.begin(door)
        except TooManyRequests as error:
            return timedelta(seconds=error.retry_after_s)
        self.end(door, counted, right=right)
        return None

    def _save(self, outcome):
        for key, tally in outcome.tallies.items():
            if tally is None:
                self.tallies.pop(key, None)
            else:
                self.tallies[key] = tally
        return outcome

    def sweep(self) -> None:
        """Forget what is over, as a store may do at any time."""
        self.tallies = {k: t for k, t in self.tallies.items() if t.forget_at > self.now}


def test_five_wrong_pins_lock_for_a_minute_and_each_more_for_twice_as_long():
    book, door, waits = Book(), pin_door("192.0.2.1"), []
    for _ in range(5):
        assert book.attempt(door) is None
    for _ in range(8):
        waited = book.attempt(door)
        assert waited is not None
        waits.append(waited // MINUTE)
        book.now += waited
        assert book.attempt(door) is None
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_lock_neither_grows_nor_starts_anew_by_knocking_at_it():
    book, door = Book(), pin_door("192.0.2.1")
    for _ in range(5):
        book.attempt(door)
    book.now += timedelta(seconds=20)
    assert [book.attempt(door, right=True) for _ in range(3)] == [timedelta(seconds=40)] * 3


def test_a_right_pin_clears_the_count():
    book, door = Book(), pin_door("192.0.2.1")
    for _ in range(3):
        for _ in range(4):
            assert book.attempt(door) is None
        assert book.attempt(door, right=True) is None


def test_one_address_does_not_lock_another():
    book = Book()
    for _ in range(6):
        book.attempt(pin_door("192.0.2.1"))
    assert book.attempt(pin_door("192.0.2.2"), right=True) is None


def test_guessing_the_pin_from_many_addresses_is_slowed_for_strangers_only():
    book = Book()
    assert book.attempt(pin_door("198.51.100.7"), right=True) is None
    looks = sum(book.attempt(pin_door(f"192.0.2.{n}")) is None for n in range(200))
    assert looks == 100
    assert book.attempt(pin_door("203.0.113.1"), right=True) == MINUTE
    assert book.attempt(pin_door("198.51.100.7"), right=True) is None
    book.now += REMEMBERED + HOUR  # and it is not known for ever
    for n in range(200):
        book.attempt(pin_door(f"192.0.2.{n}"))
    assert book.attempt(pin_door("198.51.100.7"), right=True) is not None


@pytest.mark.parametrize("pause", [timedelta(), 10 * MINUTE, HOUR])
def test_many_addresses_together_get_few_looks_at_the_pin(pause):
    book, looks, days, n = Book(), 0, 3, 0
    end = NOW + timedelta(days=days)
    while book.now < end:
        n += 1
        waited = book.attempt(pin_door(f"address-{n}"))
        looks += waited is None
        book.now += max(waited or timedelta(), pause)
    assert looks <= 100 + 12 * 24 * days


def test_guessing_a_password_from_elsewhere_does_not_lock_its_owner_out():
    book, email = Book(), "bo@campus.example"
    at_home = password_door(email, "198.51.100.7")
    assert book.attempt(at_home, right=True) is None
    looks = sum(book.attempt(password_door(email, f"192.0.2.{n}")) is None for n in range(50))
    assert looks == 5
    assert book.attempt(at_home, right=True) is None
    for _ in range(5):
        assert book.attempt(at_home) is None
    assert book.attempt(at_home) is not None


def test_ones_own_password_buys_no_guesses_at_others():
    book, address, looks = Book(), "192.0.2.1", 0
    for n in range(100):
        looks += book.attempt(password_door(f"{n}@campus.example", address)) is None
        book.attempt(password_door("own@campus.example", address), right=True)
    assert looks == 20


def test_what_could_not_be_looked_at_is_taken_back():
    book, door = Book(), pin_door("192.0.2.1")
    for _ in range(50):
        counted = book.begin(door)
        book._save(lockout_rules.take_back(book.tallies, counted))
    assert book.tallies == {}


def test_the_change_tells_of_the_lock():
    book, door = Book(), pin_door("192.0.2.1")
    told = []
    for _ in range(5):
        counted = book.begin(door)
        (change,) = lockout_rules.fail(book.tallies, counted, CHANGE, book.now).changes
        told.append(change.data.get("lockedUntil"))
    assert told == [None] * 4 + [to_text(NOW + MINUTE)]


@given(
    st.sampled_from(POLICIES),
    st.lists(st.integers(0, 3 * 3600), max_size=60),
    st.integers(-(10**7), 10**7),
)
def test_waits_are_never_longer_than_the_longest_lock(policy, pauses, set_clock_s):
    """Not even when the clock is set back."""
    now, tally = NOW, None
    for pause in pauses:
        now += timedelta(seconds=pause)
        tally = count(tally, policy, now)
        assert tally.forget_at >= (tally.locked_until or now)
        assert timedelta() <= wait(tally, policy, now) <= policy.longest_lock
    odd = now + timedelta(seconds=set_clock_s)
    assert timedelta() <= wait(tally, policy, odd) <= policy.longest_lock
    assert count(tally, policy, odd).failures >= 1


class Attempts(RuleBasedStateMachine):
    """Some addresses try a PIN at random times, also side by side; a book is kept of the looks."""

    def __init__(self) -> None:
        super().__init__()
        self.book = Book()
        self.open: list[tuple[str, tuple[Guard, ...]]] = []
        # wrong looks and those still on their way, since the last right one, by address
        self.looks: dict[str, list[datetime]] = {}

    @rule(address=st.sampled_from("ab"))
    def begin(self, address: str) -> None:
        try:
            counted = self.book.begin(pin_door(address))
        except TooManyRequests:
            assert len(self.looks.get(address, [])) >= 5
            return
        self.open.append((address, counted))
        self.looks.setdefault(address, []).append(self.book.now)

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def wrong(self, data: st.DataObject) -> None:
        address, counted = self.open.pop(data.draw(st.integers(0, len(self.open) - 1)))
        self.book.end(pin_door(address), counted, right=False)

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def right(self, data: st.DataObject) -> None:
        address, counted = self.open.pop(data.draw(st.integers(0, len(self.open) - 1)))
        self.book.end(pin_door(address), counted, right=True)
        self.looks[address] = []

    @rule(seconds=st.integers(1, 5400))
    def later(self, seconds: int) -> None:
        self.book.now += timedelta(seconds=seconds)

    @rule()
    def sweep(self) -> None:
        self.book.sweep()

    @invariant()
    def looks_are_few(self) -> None:
        """Five at once; beyond, one for each hour and one for each doubling of the lock."""
        for looks in self.looks.values():
            for first, start in enumerate(looks):
                for last in range(first + 5, len(looks)):
                    assert looks[last] - start >= MINUTE
                hours = (looks[-1] - start) // HOUR
                assert len(looks) - first <= 5 + 6 + hours + 1


TestAttempts = Attempts.TestCase
TestAttempts.settings = settings(max_examples=examples(60), stateful_step_count=60)


CAMPUS = "198.51.100.7"


def guess_all(book: Book) -> None:
    """Have somebody on the campus guess passwords and the PIN until all are locked."""
    for n in range(60):
        book.attempt(password_door(f"{n}@campus.example", CAMPUS, "guesser"))
        book.attempt(pin_door(CAMPUS, "guesser"))


def test_a_device_that_signed_in_before_is_not_locked_by_others_of_its_address():
    book, email = Book(), "bo@campus.example"
    for door in (password_door(email, CAMPUS, "of Bo"), pin_door(CAMPUS, "of the desk")):
        assert book.attempt(door, right=True) is None
    guess_all(book)
    assert book.attempt(password_door(email, CAMPUS), right=True) is not None
    assert book.attempt(pin_door(CAMPUS), right=True) is not None
    assert book.attempt(password_door(email, CAMPUS, "of Bo"), right=True) is None
    assert book.attempt(pin_door(CAMPUS, "of the desk"), right=True) is None
    elsewhere = password_door(email, "203.0.113.9", "of Bo")
    assert book.attempt(elsewhere, right=True) is None


def test_a_known_device_gets_as_few_guesses_as_others():
    book, email = Book(), "bo@campus.example"
    own = password_door(email, CAMPUS, "of Bo")
    book.attempt(own, right=True)
    assert [book.attempt(own) for _ in range(6)] == [None] * 5 + [MINUTE]
    # and it is known for the one person alone
    looks = 0
    for n in range(100):
        looks += book.attempt(password_door(f"{n}@campus.example", CAMPUS, "of Bo")) is None
    assert looks == 20


def test_a_device_is_known_for_a_while():
    book, own = Book(), password_door("bo@campus.example", CAMPUS, "of Bo")
    book.attempt(own, right=True)
    guess_all(book)
    book.now += REMEMBERED
    guess_all(book)
    assert book.attempt(own, right=True) is not None


def test_what_many_mistype_and_then_know_locks_nobody():
    book = Book()
    for n in range(200):
        door = password_door(f"{n}@campus.example", CAMPUS)
        assert [book.attempt(door) for _ in range(3)] == [None] * 3
        assert book.attempt(door, right=True) is None


@pytest.mark.parametrize("pause", [timedelta(), 3 * MINUTE, 15 * MINUTE])
def test_mistyping_ones_own_password_buys_no_guesses_at_others(pause):
    def looks(*, own: bool) -> int:
        book, door, found = Book(), password_door("own@campus.example", CAMPUS), 0
        for n in range(200):
            if own:
                for right in (False, False, False, True):
                    book.attempt(door, right=right)
            book.now += pause
            found += book.attempt(password_door(f"{n}@campus.example", CAMPUS)) is None
        return found

    assert looks(own=True) <= looks(own=False)


def test_passkeys_are_not_locked_by_guesses_at_passwords():
    book = Book()
    guess_all(book)
    assert book.attempt(passkey_door(CAMPUS), right=True) is None
