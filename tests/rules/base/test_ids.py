"""Ids are of their form, and no two are alike."""

import functools
import operator
import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quadrangle.kernel.clock import from_text, to_text
from quadrangle.kernel.ids import is_id, new_id, new_request_id, ordered_id


def test_ids_are_random_uuids_also_between_threads():
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: new_id(), range(20_000)))
    assert len(set(made)) == len(made)
    assert all(uuid.UUID(each).version == 4 and is_id(each) for each in made[:200])


instants = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))


@given(instants, instants)
def test_ordered_ids_sort_as_their_milliseconds_do(one, other):
    first, second = ordered_id(one), ordered_id(other)
    if to_text(one) != to_text(other):
        assert (first < second) is (one < other)


@given(instants)
def test_ordered_ids_are_of_version_7_and_tell_their_time(at):
    made = uuid.UUID(ordered_id(at))
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert is_id(str(made))
    milliseconds = int.from_bytes(made.bytes[:6])
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds) == from_text(
        to_text(at)
    )


def test_ordered_ids_of_one_instant_differ_in_all_their_random_bits():
    at = datetime(2026, 11, 28, tzinfo=UTC)
    made = [int(uuid.UUID(ordered_id(at))) for _ in range(2_000)]
    assert len({each & 0xFFFFFFFF for each in made}) == len(made)
    varied = functools.reduce(operator.or_, (each ^ made[0] for each in made))
    assert varied.bit_count() == 74


def test_a_forked_child_gives_other_ids_than_its_parent():
    new_id()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, "".join(new_id() for _ in range(50)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(read, 65536).decode()
    ours = [new_id() for _ in range(50)]
    assert not any(each in theirs for each in ours)


def test_request_ids_are_hexadecimal():
    assert int(new_request_id(), 16) >= 0
    assert len(new_request_id()) == 32


@given(st.text(max_size=40))
def test_anything_else_is_no_id(text):
    assert not is_id(text)
