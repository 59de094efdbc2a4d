"""When signing keys come and go, over years of looks at any times."""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.accounts.tokens.key_rules import (
    ACCEPTED_AFTER,
    ANNOUNCED,
    SIGNS,
    in_order,
    plan_rotation,
)

START = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
CACHED = timedelta(hours=1)  # how long others keep the published set
LONGEST_TOKEN = timedelta(days=7, minutes=1)  # a link in a mail, and a minute for clocks


class Key(msgspec.Struct, frozen=True):
    signs_from: int


def rotated(keys: list[Key], now: datetime) -> list[Key]:
    plan = plan_rotation(keys, now)
    made = [] if plan.new_signs_from is None else [Key(plan.new_signs_from)]
    return [*plan.kept, *made]


gaps = st.lists(
    st.one_of(
        st.timedeltas(timedelta(0), timedelta(hours=2)),
        st.timedeltas(timedelta(hours=2), timedelta(days=20)),
        st.timedeltas(timedelta(days=20), timedelta(days=400)),
    ),
    max_size=60,
)


@given(gaps)
def test_the_signer_is_known_to_whoever_fetched_the_keys_an_hour_ago(gaps):
    now, keys = START, [Key(int(START.timestamp()))]
    for gap in gaps:
        before, now = keys, now + gap
        # however long nobody looked: up to the next look the same keys were published
        assert in_order(before, now)[0] in before
        keys = rotated(before, now)
        for later in (now, now + CACHED):
            assert in_order(keys, later)[0] in before


@given(gaps)
def test_nothing_that_was_signed_is_orphaned(gaps):
    now, keys = START, [Key(int(START.timestamp()))]
    signed: list[tuple[Key, datetime]] = []
    for gap in gaps:
        # just before the next look, as late as a key can have signed
        signed += [(in_order(keys, now)[0], now), (in_order(keys, now + gap)[0], now + gap)]
        now += gap
        keys = rotated(keys, now)
        assert all(key in keys for key, at in signed if now - at <= LONGEST_TOKEN)


@given(gaps)
def test_keys_do_not_pile_up_and_none_is_made_twice(gaps):
    now, keys = START, [Key(int(START.timestamp()))]
    for gap in gaps:
        now += gap
        keys = rotated(keys, now)
        assert 1 <= len(keys) <= 3
        assert len(set(keys)) == len(keys)
        assert rotated(keys, now) == keys


def test_a_key_is_announced_for_a_day_signs_for_90_and_is_accepted_for_8_more():
    first = Key(int(START.timestamp()))
    assert rotated([first], START + SIGNS - ANNOUNCED - timedelta(seconds=1)) == [first]
    keys = rotated([first], START + SIGNS - ANNOUNCED)
    second = Key(int((START + SIGNS).timestamp()))
    assert keys == [first, second]
    assert in_order(keys, START + SIGNS - timedelta(seconds=1)) == [first, second]
    assert in_order(keys, START + SIGNS) == [second, first]
    assert rotated(keys, START + SIGNS + ACCEPTED_AFTER - timedelta(seconds=1)) == keys
    assert rotated(keys, START + SIGNS + ACCEPTED_AFTER) == [second]


def test_after_a_long_rest_the_old_key_signs_until_the_new_one_is_known():
    first, late = Key(int(START.timestamp())), START + timedelta(days=400)
    keys = rotated([first], late)
    assert in_order(keys, late)[0] == first
    assert in_order(keys, late + ANNOUNCED)[0] != first


def test_a_clock_that_was_set_back_leaves_a_signer():
    keys = [Key(int(START.timestamp())), Key(int((START + SIGNS).timestamp()))]
    assert in_order(keys, START - timedelta(days=1))[0] == keys[0]
