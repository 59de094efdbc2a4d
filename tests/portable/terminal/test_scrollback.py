"""What late viewers see: the end of the output, from the start of a line."""

from hypothesis import given
from hypothesis import strategies as st

from quadrangle.portable.terminal.scrollback import RESET, Scrollback


def test_all_of_little():
    kept = Scrollback(100)
    kept.add(b"one\r\n")
    kept.add(b"two")
    assert kept.screen() == RESET + b"one\r\ntwo"


def test_the_last_lines_of_much():
    kept = Scrollback(20)
    for number in range(100):
        kept.add(b"line %d\r\n" % number)
    assert kept.screen() == RESET + b"line 98\r\nline 99\r\n"


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=30))
def test_never_more_than_it_may_and_always_the_end(outputs: list[bytes]):
    kept = Scrollback(64)
    for output in outputs:
        kept.add(output)
    shown = kept.screen().removeprefix(RESET)
    assert len(shown) <= 64
    assert b"".join(outputs).endswith(shown)
    if sum(map(len, outputs)) <= 64:
        assert shown == b"".join(outputs)
