"""What of a desktop reaches somebody who only watches: all pictures, and no clipboard."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.meetings.model import Right
from quadrangle.portable.rfb.errors import ProtocolViolation
from tests.portable.rfb import streams
from tests.portable.rfb.streams import BLOB, U8, U16, U32, made, splitted
from tests.portable.rfb.test_gate import opened

SECRET = b"the student's own words"
SIDE = st.integers(1, 20)


def rect(encoding: int, width: int, height: int, content: bytes) -> bytes:
    return struct.pack(">HHHHi", 0, 0, width, height, encoding) + content


def compact(length: int) -> bytes:
    if length < 0x80:
        return bytes([length])
    if length < 0x4000:
        return bytes([length & 0x7F | 0x80, length >> 7])
    return bytes([length & 0x7F | 0x80, length >> 7 & 0x7F | 0x80, length >> 14])


def tight(control: int, head: bytes, size: int, noise: bytes) -> bytes:
    """A picture of `size` bytes before it is compressed: what is short is sent as it is."""
    if size < 12:
        return bytes([control]) + head + bytes(size)
    body = zlib.compress(noise * 9)
    return bytes([control]) + head + compact(len(body)) + body


@st.composite
def rects(draw: st.DrawFn) -> bytes:
    width, height, noise = draw(SIDE), draw(SIDE), draw(BLOB)
    colours = draw(st.sampled_from([2, 3, 200]))
    row = (width + 7) // 8 if colours == 2 else width
    palette = bytes([1, colours - 1]) + bytes(3 * colours)
    counted = struct.pack(">I", len(noise)) + noise
    return draw(
        st.sampled_from(
            [
                rect(0, width, height, bytes(4 * width * height)),
                rect(1, width, height, bytes(4)),
                rect(16, width, height, counted),
                rect(7, width, height, bytes([0x80, 1, 2, 3])),
                rect(7, width, height, bytes([0x90]) + compact(len(noise * 300)) + noise * 300),
                rect(7, width, height, tight(0x00, b"", 3 * width * height, noise)),
                rect(7, width, height, tight(0x50, palette, row * height, noise)),
                rect(7, width, height, tight(0x6F, b"\2", 3 * width * height, noise)),
                rect(-223, width, height, b""),
                rect(-239, width, height, bytes(4 * width * height + (width + 7) // 8 * height)),
                rect(0x574D5664, width, height, b"\1\0" + bytes(4 * width * height)),
                rect(0x574D5664, width, height, b"\0\0" + bytes(8 * width * height)),
                rect(-308, width, height, bytes([2, 0, 0, 0]) + bytes(32)),
                rect(-307, 0, 0, counted),
                rect(-261, 0, 0, b"\7"),
                rect(-258, 0, 0, b""),
            ]
        )
    )


UPDATES = st.lists(rects(), max_size=4).map(
    lambda all_: struct.pack(">BxH", 0, len(all_)) + b"".join(all_)
)
OPEN_UPDATES = st.lists(rects(), max_size=3).map(
    lambda all_: struct.pack(">BxH", 0, 0xFFFF) + b"".join(all_) + rect(-224, 0, 0, b"")
)
COLOURS = st.integers(0, 5).map(lambda n: struct.pack(">BxHH", 1, 0, n) + bytes(6 * n))
SEEN = st.one_of(
    UPDATES,
    OPEN_UPDATES,
    COLOURS,
    st.just(b"\x02"),
    st.just(b"\x96"),
    st.builds(streams.fence, U32, BLOB),
    made(">BxBB", st.just(250), U8, U8),
    st.builds(lambda sizes: streams.clipboard(1 << 24 | 1, sizes, 3), st.binary(max_size=4)),
)
SECRETS = st.one_of(
    BLOB.map(lambda text: streams.cut_text(SECRET + text, 3)),
    st.just(streams.cut_text(b"", 3)),
    st.builds(
        lambda action, text: streams.clipboard(1 << action, SECRET + text, 3),
        st.integers(25, 28),
        BLOB,
    ),
    U16.map(lambda flags: streams.clipboard(1 << 28 | 1 << 24 | flags, SECRET, 3)),
)
TAGGED = st.lists(st.one_of(SEEN.map(lambda m: (m, True)), SECRETS.map(lambda m: (m, False))))


@st.composite
def sessions(draw: st.DrawFn) -> tuple[bytes, bytes, list[bytes]]:
    """All that a server sends, what of it a watcher is to get, and the first in pieces."""
    tagged = draw(TAGGED)
    whole, pieces = draw(splitted(st.just(b"".join(message for message, _ in tagged))))
    return whole, b"".join(message for message, seen in tagged if seen), pieces


@given(sessions())
def test_a_watcher_gets_every_picture_and_nothing_of_the_clipboard(session):
    _, wanted, pieces = session
    gate = opened(Right.WATCH)
    got = b"".join(gate.from_server(piece) for piece in pieces)
    assert got == wanted
    assert SECRET not in got


@given(sessions(), st.booleans())
def test_who_is_in_control_gets_everything(session, owner):
    whole, _, pieces = session
    gate = opened(Right.CONTROL, owner=owner)
    assert b"".join(gate.from_server(piece) for piece in pieces) == whole


@given(sessions())
def test_an_owner_who_is_helped_still_sees_the_own_clipboard(session):
    whole, _, pieces = session
    gate = opened(Right.CONTROL, owner=True)
    gate.set_right(Right.WATCH)
    assert b"".join(gate.from_server(piece) for piece in pieces) == whole


@given(st.binary(max_size=300))
def test_noise_from_a_desktop_never_brings_the_clipboard_along(noise):
    gate = opened(Right.WATCH)
    text = streams.cut_text(SECRET, 3)
    try:
        got = gate.from_server(text) + gate.from_server(noise)
    except ProtocolViolation:
        return
    assert SECRET not in got


def test_the_right_counts_when_a_text_begins():
    gate = opened(Right.CONTROL)
    text = streams.cut_text(SECRET, 3)
    gate.set_right(Right.WATCH)
    got = gate.from_server(text[:9])
    gate.set_right(Right.CONTROL)
    assert got + gate.from_server(text[9:]) == b""
    assert gate.from_server(text) == text


@pytest.mark.parametrize(
    "broken",
    [
        b"\x04",
        b"\xff",
        struct.pack(">BxH", 0, 1) + rect(5, 1, 1, b""),  # Hextile, which nobody asked for
        struct.pack(">BxH", 0, 1) + rect(7, 1, 1, b"\xa0"),
        struct.pack(">BxH", 0, 1) + rect(7, 1, 1, b"\x40\x07"),
        struct.pack(">Bxxxi", 3, -3) + bytes(4),
    ],
)
def test_what_cannot_be_measured_ends_the_connection_of_a_guest(broken):
    with pytest.raises(ProtocolViolation):
        opened(Right.CONTROL).from_server(broken)
    assert opened(Right.WATCH, owner=True).from_server(broken) == broken


def test_a_guest_asks_only_for_what_can_be_measured():
    gate = opened(Right.WATCH)
    asked = (1, 50, 7, -260, 16, 21, 5, 2, 6, 0, -26, -254, -223, -224, -258, -314, -1063131698)
    kept = (1, 7, 16, 0, -26, -254, -223, -224, -258, -1063131698)
    assert gate.from_client(streams.encodings(*asked)) == streams.encodings(*kept)


def test_pixels_of_another_size_are_measured_when_chosen_before_the_first_picture():
    gate = opened(Right.WATCH)
    gate.from_client(b"\0\0\0\0" + streams.OTHER_FORMAT + streams.update_request())
    picture = struct.pack(">BxH", 0, 1) + rect(0, 3, 3, bytes(18))
    assert gate.from_server(picture + streams.cut_text(SECRET, 3)) == picture
    gate.from_client(b"\0\0\0\0" + streams.OTHER_FORMAT)
    with pytest.raises(ProtocolViolation):
        gate.from_client(b"\0\0\0\0" + streams.FORMAT)
