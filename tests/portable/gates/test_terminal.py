"""What passes from a viewer to a terminal."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quadrangle.http.streaming.line import FlowBroken
from quadrangle.meetings.model import Right, Workspace
from quadrangle.portable.gates import make_gate
from quadrangle.portable.gates.terminal import MAX_INPUT
from quadrangle.portable.rfb.filter import Gate
from quadrangle.portable.terminal.protocol import Decoder, Kind, encode, encode_size

FRAMES = st.lists(
    st.one_of(
        st.binary(max_size=40).map(lambda typed: encode(Kind.INPUT, typed)),
        st.just(encode_size(Kind.RESIZE, 80, 24)),
    ),
    max_size=10,
).map(b"".join)


def passed(right: Right, owner: bool, stream: bytes, cuts: list[int]) -> list[Kind]:
    gate = make_gate(Workspace.TERMINAL, right, owner)
    ends = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    got = b"".join(gate.from_client(stream[a:b]) for a, b in itertools.pairwise(ends))
    return [frame.kind for frame in Decoder().feed(got)]


@given(FRAMES, st.lists(st.integers(0, 400), max_size=30), st.booleans())
def test_a_watcher_types_nothing_however_it_is_split(stream, cuts, owner):
    assert passed(Right.WATCH, owner, stream, cuts) == []


@given(FRAMES, st.lists(st.integers(0, 400), max_size=30))
def test_who_is_in_control_types_and_only_the_owner_changes_the_size(stream, cuts):
    sent = [frame.kind for frame in Decoder().feed(stream)]
    assert passed(Right.CONTROL, True, stream, cuts) == sent
    typed = [kind for kind in sent if kind is Kind.INPUT]
    assert passed(Right.CONTROL, False, stream, cuts) == typed


def test_half_a_frame_counts_by_the_right_it_is_completed_with():
    gate = make_gate(Workspace.TERMINAL, Right.CONTROL, True)
    keys = encode(Kind.INPUT, b"rm -rf")
    assert gate.from_client(keys[:7]) == b""
    assert gate.set_right(Right.WATCH) == b""
    assert gate.from_client(keys[7:]) == b""


@pytest.mark.parametrize(
    "broken",
    [
        encode(Kind.OUTPUT, b"x"),
        encode(Kind.SCREEN, b""),
        b"\x63" + bytes(4),
        encode(Kind.INPUT, bytes(MAX_INPUT + 1)),
        b"\x01\xff\xff\xff\xff",
    ],
)
def test_what_viewers_do_not_send_ends_the_connection(broken):
    gate = make_gate(Workspace.TERMINAL, Right.CONTROL, True)
    with pytest.raises(FlowBroken):
        gate.from_client(broken)


def test_a_desktop_gets_the_gate_of_desktops():
    assert isinstance(make_gate(Workspace.DESKTOP, Right.WATCH, False), Gate)
