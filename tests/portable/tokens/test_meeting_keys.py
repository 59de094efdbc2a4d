"""The keys in the links of meetings."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quadrangle.meetings.joining.links import LONGEST_KEY
from quadrangle.meetings.model import MeetingRole
from quadrangle.portable.tokens.meeting_keys import KEY_BYTES, HmacLinkKeys

KEYS = HmacLinkKeys(b"k" * KEY_BYTES)
TOLD = st.tuples(st.text(max_size=40), st.sampled_from(MeetingRole), st.integers(1, 1_000))


@given(TOLD)
def test_a_key_is_the_same_each_time_and_fits_an_address(told):
    key = KEYS.key(*told)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", key)
    assert len(key) <= LONGEST_KEY
    assert key == HmacLinkKeys(b"k" * KEY_BYTES).key(*told)
    assert KEYS.is_key(key, *told)


@given(TOLD, TOLD)
def test_a_key_opens_nothing_else(told, other):
    assume(told != other)
    assert not KEYS.is_key(KEYS.key(*told), *other)


@given(TOLD)
def test_another_installations_key_opens_nothing(told):
    assert not KEYS.is_key(HmacLinkKeys(b"x" * KEY_BYTES).key(*told), *told)


@given(st.text(), TOLD)
def test_any_text_is_a_key_or_not(text, told):
    assume(text != KEYS.key(*told))
    assert not KEYS.is_key(text, *told)


@pytest.mark.parametrize("secret", [b"", b"short", b"k" * (KEY_BYTES + 1)])
def test_a_secret_has_its_length(secret: bytes):
    with pytest.raises(ValueError, match="32 bytes"):
        HmacLinkKeys(secret)
