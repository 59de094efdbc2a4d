"""Guessing a secret that many people share, from few and from many addresses."""

from datetime import timedelta

from quadrangle.accounts.sign_in.door_rules import MINUTE, SHARED_BY_NAME, shared_door
from tests.rules.accounts.test_lockouts import Book


def guess(book: Book, address: str, times: int) -> list[timedelta | None]:
    door = shared_door("7:link", address)
    return [book.attempt(door) for _ in range(times)]


def is_slow(book: Book, address: str) -> bool:
    return shared_door("7:link", address).is_slow(book.tallies, book.now)


def test_whoever_guesses_is_locked_at_their_address():
    book = Book()
    assert guess(book, "192.0.2.1", 7) == [None] * 5 + [MINUTE] * 2


def test_two_addresses_keep_nobody_else_out():
    book = Book()
    for _ in range(24 * 60):
        guess(book, "192.0.2.1", 2)
        guess(book, "192.0.2.2", 2)
        book.now += MINUTE
        assert book.attempt(shared_door("7:link", "192.0.2.9"), right=True) is None
    # nor slow them down
    assert not is_slow(book, "192.0.2.8")


def test_a_right_answer_from_a_new_address_is_never_locked_only_slowed():
    book = Book()
    for n in range(SHARED_BY_NAME.tries):
        guess(book, f"198.51.100.{n}", 1)
    assert is_slow(book, "192.0.2.9")
    assert book.attempt(shared_door("7:link", "192.0.2.9"), right=True) is None
    guess(book, "198.51.100.77", 3)
    assert is_slow(book, "203.0.113.1")
    assert not is_slow(book, "192.0.2.9")  # it is known now
    assert book.attempt(shared_door("8:other", "203.0.113.1")) is None
