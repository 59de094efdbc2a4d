"""Ids are of their form, and no two are alike."""

import os
import uuid
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from quadrangle.kernel.ids import is_id, new_id, new_request_id


def test_ids_are_random_uuids_also_between_threads():
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: new_id(), range(20_000)))
    assert len(set(made)) == len(made)
    assert all(uuid.UUID(each).version == 4 and is_id(each) for each in made[:200])


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
