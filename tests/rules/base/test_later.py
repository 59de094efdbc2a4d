"""A part that is made when it is first used."""

import pytest

from quadrangle.kernel.lazily import lazily


class Bell:
    def __init__(self) -> None:
        self.rung = 0

    def ring(self) -> int:
        self.rung += 1
        return self.rung


def test_it_is_made_once_and_not_before_it_is_used():
    made: list[Bell] = []

    def make() -> Bell:
        made.append(Bell())
        return made[-1]

    bell = lazily(make)
    assert made == []
    assert (bell.ring(), bell.ring()) == (1, 2)
    assert len(made) == 1


def test_making_it_is_tried_again():
    failures = [ConnectionError("not yet")]

    def make() -> Bell:
        if failures:
            raise failures.pop()
        return Bell()

    bell = lazily(make)
    with pytest.raises(ConnectionError):
        bell.ring()
    assert bell.ring() == 1
