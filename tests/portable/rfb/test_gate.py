"""What passes between a viewer and a desktop, whatever is sent and however it is split."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from quadrangle.meetings.model import Right
from quadrangle.portable.rfb.client_messages import MAX_CUT_TEXT, MAX_ENCODINGS
from quadrangle.portable.rfb.encodings import (
    EXTENDED_DESKTOP_SIZE,
    read_encodings,
    set_encodings,
)
from quadrangle.portable.rfb.errors import ProtocolViolation
from quadrangle.portable.rfb.filter import Gate
from quadrangle.portable.rfb.held import MAX_KEYS
from tests.portable.rfb import streams
from tests.portable.rfb.streams import CLIENT_OPENING, SERVER_OPENING, Desktop, splitted

RIGHTS = st.sampled_from(list(Right))
INPUT_TYPES = {4, 5, 251, 250, 255}
CAPS = 1 << 24


def opened(right: Right, *, owner: bool = False) -> Gate:
    """A gate that both sides have gone through the handshake with."""
    gate = Gate(right, owner=owner)
    assert gate.from_server(SERVER_OPENING[:12]) == SERVER_OPENING[:12]
    assert gate.from_client(CLIENT_OPENING[:12]) == CLIENT_OPENING[:12]
    assert gate.from_server(SERVER_OPENING[12:18]) == SERVER_OPENING[12:18]
    assert gate.from_client(CLIENT_OPENING[12:]) == b"\x01\x01", "the desktop is shared"
    assert gate.from_server(SERVER_OPENING[18:]) == SERVER_OPENING[18:]
    return gate


def outcome(right: Right, owner: bool, pieces: list[bytes]) -> tuple[bytes, bool]:
    """What reached the desktop, and whether the connection was ended."""
    gate, out = opened(right, owner=owner), b""
    for piece in pieces:
        try:
            out += gate.from_client(piece)
        except ProtocolViolation:
            return out, True
    return out, False


@given(splitted(streams.MESSAGES.map(b"".join)), RIGHTS, st.booleans())
def test_splitting_changes_nothing(stream, right, owner):
    whole, pieces = stream
    assert outcome(right, owner, pieces) == outcome(right, owner, [whole])


@given(splitted(st.binary(max_size=300)), RIGHTS, st.booleans())
def test_noise_ends_the_connection_at_the_same_place_in_any_splitting(stream, right, owner):
    whole, pieces = stream
    reached, ended = outcome(right, owner, pieces)
    by_bytes, ended_by_bytes = outcome(right, owner, [bytes([byte]) for byte in whole])
    assert ended == ended_by_bytes
    assert by_bytes.startswith(reached)


@given(splitted(st.one_of(streams.MESSAGES.map(b"".join), st.binary(max_size=300))))
def test_nothing_of_a_watcher_reaches_the_desktop_but_wishes_for_pictures(stream):
    reached, _ = outcome(Right.WATCH, False, stream[1])
    desktop = Desktop()
    desktop.take(reached)
    assert not INPUT_TYPES & set(desktop.types)
    assert desktop.is_between_messages
    for text in desktop.texts:
        assert struct.unpack(">I", text[8:12])[0] & (0x1F << 24) == CAPS, "no clipboard"


@given(streams.MESSAGES)
def test_what_a_watcher_wishes_to_see_goes_on_unchanged_but_for_encodings(messages):
    seeing = [message for message in messages if message[0] in (0, 3, 150, 248)]
    reached, ended = outcome(Right.WATCH, False, messages)
    desktop = Desktop()
    desktop.take(reached)
    assert not ended
    assert [t for t in desktop.types if t in (0, 3, 150, 248)] == [m[0] for m in seeing]


@given(streams.MESSAGES, st.booleans())
def test_who_is_in_control_does_everything_but_change_the_size_of_others_desktops(messages, owner):
    reached, ended = outcome(Right.CONTROL, owner, messages)
    desktop = Desktop()
    desktop.take(reached)
    assert not ended
    announced = False
    expected = []
    for message in messages:
        if message[0] == 2:
            announced = read_encodings(message).count(EXTENDED_DESKTOP_SIZE) > 0
        if message[0] != 251 or (owner and announced):
            expected.append(message[0])
    assert desktop.types == expected


def test_a_size_goes_through_only_while_the_viewer_has_said_that_it_knows_of_sizes():
    """Xvnc 1.12 aborts on one from a viewer that had not."""
    gate = opened(Right.CONTROL, owner=True)
    size, knows = streams.desktop_size(640, 480), set_encodings((0, EXTENDED_DESKTOP_SIZE))
    assert gate.from_client(size) == b""
    assert gate.from_client(knows + size) == knows + size
    assert gate.from_client(set_encodings((0,)) + size) == set_encodings((0,))


class Hand(RuleBasedStateMachine):
    """Somebody types, clicks, and sends messages in halves, while the right comes and goes."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = opened(Right.CONTROL)
        self.desktop = Desktop()
        self.waiting = b""

    @rule(
        message=st.one_of(streams.KEYS, streams.QEMU_KEYS, streams.POINTERS), share=st.floats(0, 1)
    )
    def send(self, message: bytes, share: float) -> None:
        self.waiting += message
        cut = int(len(self.waiting) * share)
        piece, self.waiting = self.waiting[:cut], self.waiting[cut:]
        self.desktop.take(self.gate.from_client(piece))

    @rule(right=RIGHTS)
    def change(self, right: Right) -> None:
        self.desktop.take(self.gate.set_right(right))

    @rule()
    def leave(self) -> None:
        """The connection ends, and the desktop is told to let go."""
        self.desktop.take(self.gate.leave())
        assert not self.desktop.down
        assert not self.desktop.buttons

    @invariant()
    def a_watcher_holds_nothing_down(self) -> None:
        if self.gate.right is Right.WATCH:
            assert not self.desktop.down
            assert not self.desktop.buttons
            assert self.desktop.is_between_messages


TestHand = Hand.TestCase


def test_a_withdrawn_right_lets_go_of_keys_and_buttons_at_once():
    gate = opened(Right.CONTROL)
    gate.from_client(
        streams.key(0xFFE1, True) + streams.qemu_key(0x61, 30, True) + streams.pointer(1, 5, 7)
    )
    released = gate.set_right(Right.WATCH)
    assert released == (
        streams.key(0xFFE1, False) + streams.qemu_key(0x61, 30, False) + streams.pointer(0, 5, 7)
    )
    assert gate.set_right(Right.WATCH) == b"", "once is enough"


def test_half_a_message_from_before_counts_by_the_right_it_is_completed_with():
    gate = opened(Right.CONTROL)
    assert gate.from_client(streams.key(0x61, True)[:5]) == b""
    gate.set_right(Right.WATCH)
    assert gate.from_client(streams.key(0x61, True)[5:]) == b""


@pytest.mark.parametrize(
    "broken",
    [
        bytes([7]),
        bytes([249]),
        bytes([252]),
        bytes([253, 128]),  # gii: devices of the client's own
        bytes([255, 7, 0, 0]),
        bytes([255, 1, 0, 9]),
        struct.pack(">Bxxxi", 6, MAX_CUT_TEXT + 1),
        struct.pack(">Bxxxi", 6, -MAX_CUT_TEXT - 1),
        struct.pack(">Bxxxi", 6, -3),
        struct.pack(">BxH", 2, MAX_ENCODINGS + 1),
        struct.pack(">BxxxIB", 248, 0, 65),
        b"".join(streams.key(keysym, True) for keysym in range(MAX_KEYS + 1)),
    ],
)
@pytest.mark.parametrize("owner", [True, False])
def test_what_is_unknown_or_too_long_ends_the_connection(broken, owner):
    gate = opened(Right.CONTROL, owner=owner)
    with pytest.raises(ProtocolViolation):
        gate.from_client(broken)


def test_no_more_than_one_message_is_ever_held():
    gate = opened(Right.WATCH)
    gate.from_client(streams.cut_text(b"x" * MAX_CUT_TEXT)[:-1])
    with pytest.raises(ProtocolViolation):
        gate.from_client(b"x" + bytes([7]))


def test_nobody_gets_pointer_messages_of_another_length():
    """The desktop would read one byte more than the gate does, and so something else after it."""
    for owner in (True, False):
        gate = opened(Right.CONTROL, owner=owner)
        assert gate.from_client(streams.encodings(7, -316, 0)) == streams.encodings(7, 0)
        press = streams.pointer(0x81, 1, 2)
        assert gate.from_client(press) == press


@pytest.mark.parametrize(
    "opening",
    [
        b"RFB 003.889\n",
        b"GET / HTTP/1",
        b"RFB 003.008\n\x02",  # a password, which was not offered
        b"RFB 003.008\n\x00",
    ],
)
def test_a_client_that_is_none_is_refused(opening):
    gate = Gate(Right.CONTROL, owner=True)
    gate.from_server(SERVER_OPENING[:12])
    with pytest.raises(ProtocolViolation):
        gate.from_client(opening)


@pytest.mark.parametrize(
    "opening",
    [
        b"RFB 003.003\n",
        streams.VERSION + b"\0" + struct.pack(">I", 4) + b"full",
        streams.VERSION + b"\x01\x02",
        streams.VERSION + b"\x01\x01" + struct.pack(">I", 1),
    ],
)
def test_a_desktop_that_refuses_ends_the_connection(opening):
    gate = Gate(Right.CONTROL, owner=True)

    def open_it() -> None:
        gate.from_server(opening[:12])
        gate.from_client(CLIENT_OPENING)
        gate.from_server(opening[12:])

    with pytest.raises(ProtocolViolation) as caught:
        open_it()
    assert b"full" not in opening or "full" in str(caught.value)


def test_older_clients_are_understood():
    for version, choice, between in (
        (b"RFB 003.007\n", b"\x01", b"\x01\x01"),
        (b"RFB 003.003\n", b"", bytes([0, 0, 0, 1])),
    ):
        gate = Gate(Right.WATCH, owner=False)
        gate.from_server(SERVER_OPENING[:12])
        assert gate.from_client(version + choice + b"\0") == version + choice + b"\x01"
        init = SERVER_OPENING[-28:]
        assert gate.from_server(between + init) == between + init
        assert gate.from_client(streams.key(1, True)) == b""
        bell = b"\x02"
        assert gate.from_server(bell) == bell
