"""Frames of a terminal arrive whole however they are cut, and nothing else passes for one."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.portable.terminal.protocol import (
    LARGEST,
    MOST_BYTES,
    SMALLEST,
    BadFrame,
    Decoder,
    Frame,
    Kind,
    encode,
    encode_size,
    size_of,
)

FRAMES = st.lists(st.tuples(st.sampled_from(Kind), st.binary(max_size=300)), max_size=8)


@given(FRAMES, st.data())
def test_what_was_sent_arrives_however_it_is_cut(frames, data):
    stream = b"".join(encode(kind, payload) for kind, payload in frames)
    decoder, received, start = Decoder(), [], 0
    while start < len(stream):
        end = start + data.draw(st.integers(1, len(stream) - start))
        received += decoder.feed(stream[start:end])
        start = end
    assert received == [Frame(*each) for each in frames]


def test_byte_by_byte():
    decoder = Decoder()
    stream = encode(Kind.INPUT, b"ls\n") + encode_size(Kind.RESIZE, 100, 30)
    frames = [frame for byte in stream for frame in decoder.feed(bytes([byte]))]
    assert frames == [Frame(Kind.INPUT, b"ls\n"), Frame(Kind.RESIZE, b"\0\x64\0\x1e")]


@given(st.integers(0, 255).filter(lambda number: number not in set(Kind)))
def test_a_kind_that_there_is_not_is_refused(number: int):
    with pytest.raises(BadFrame):
        list(Decoder().feed(struct.pack(">BI", number, 0)))


def test_a_frame_that_is_too_long_is_refused_before_it_comes():
    with pytest.raises(BadFrame):
        list(Decoder().feed(struct.pack(">BI", Kind.INPUT, MOST_BYTES + 1)))


@given(st.integers(0, 65535), st.integers(0, 65535))
def test_sizes_are_kept_within_bounds(columns: int, rows: int):
    frame = next(Decoder().feed(encode_size(Kind.RESIZE, columns, rows)))
    for asked, got in zip((columns, rows), size_of(frame.payload), strict=True):
        assert got == min(max(asked, SMALLEST), LARGEST)


@pytest.mark.parametrize("payload", [b"", b"\0", b"\0\0\0\0\0"])
def test_a_size_of_another_length_is_refused(payload: bytes):
    with pytest.raises(BadFrame):
        size_of(payload)
