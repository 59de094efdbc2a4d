"""What packets tell, whatever headers say."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.videos.processing.film_model import Timing
from quadrangle.videos.processing.timing_rules import Packets, nearest_standard

NOTHING = Fraction(0)


def counted(times, *, jumps=False, keys=(0,), length=0.0, declared=NOTHING, origin=0.0) -> Timing:
    packets = Packets(clock_may_jump=jumps)
    for number, time in enumerate(times):
        packets.add(
            shown=time, decoded=time, length=length, size=1000, key=number in keys, skip=False
        )
    found = packets.timing(origin, declared)
    assert found is not None
    return found


def test_a_steady_film():
    found = counted([n / 30 for n in range(300)], keys=range(0, 300, 60), length=1 / 30)

    assert found.rate == 30
    assert found.constant
    assert found.even
    assert found.keyframes == 5
    assert found.keyframe_gap == pytest.approx(2)
    assert found.end == pytest.approx(10)
    assert found.average == 240_000


def test_milliseconds_of_matroska_are_still_steady():
    found = counted([round(n * 1001 / 30000, 3) for n in range(600)])

    assert found.constant
    assert found.rate == Fraction(30000, 1001)


def test_a_declared_rate_that_is_a_lie_is_not_believed():
    assert counted([n / 25 for n in range(100)], declared=Fraction(90000)).rate == 25


def test_a_screen_that_stands_still_is_not_steady():
    times = [n / 30 for n in range(60)] + [10.0, 20.0]
    found = counted(times, keys=(0, 61))

    assert not found.constant
    assert found.rate == 30
    assert not found.even


def test_a_clock_that_begins_anew_goes_on_where_it_may():
    times = [1.4 + n / 30 for n in range(90)] * 2

    assert counted(times, jumps=True, length=1 / 30, origin=1.4).end == pytest.approx(6, abs=0.05)


def test_a_pause_is_a_pause_where_clocks_do_not_jump():
    assert counted([0.0, 60.0], length=1.0).end == pytest.approx(61)


def test_without_times_packets_follow_each_other():
    packets = Packets()
    for _ in range(50):
        packets.add(shown=None, decoded=None, length=0.04, size=1, key=True, skip=False)

    found = packets.timing(0.0, NOTHING)

    assert found is not None
    assert found.rate == 25
    assert found.end == pytest.approx(2)


def test_no_keyframe_at_all():
    found = counted([0.0, 0.04, 0.08], keys=())

    assert found.keyframes == 0
    assert found.keyframe_gap > 0


@given(st.sampled_from(["23.976", "24", "25", "29.97", "30", "50", "59.94", "60"]), st.randoms())
def test_packets_in_any_order_tell_the_same(text: str, dice: random.Random):
    rate = nearest_standard(float(text))
    times = [float(n / rate) for n in range(100)]
    shuffled = list(times)
    dice.shuffle(shuffled)

    assert counted(shuffled, keys=()).rate == counted(times, keys=()).rate == rate


moments = st.one_of(st.none(), st.floats(-1e6, 1e6, allow_nan=False))


@given(
    st.lists(
        st.tuples(moments, moments, st.floats(0, 10), st.booleans(), st.booleans()), max_size=60
    ),
    st.booleans(),
    st.fractions(0, 100_000),
)
def test_nothing_that_a_file_says_upsets_it(lines, jumps, declared):
    packets = Packets(clock_may_jump=jumps)
    for shown, decoded, length, key, skip in lines:
        packets.add(shown=shown, decoded=decoded, length=length, size=9, key=key, skip=skip)

    found = packets.timing(0.0, declared)

    if found is not None:
        assert found.end >= found.start
        assert found.rate > 0
        assert found.packets == len(lines)
