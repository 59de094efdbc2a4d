"""Cuts what an RFB client sends into messages, however it was split on the way.

Only whole messages come out, so that one can be left out without the others losing their place.
What is unknown has no known length: it ends the connection. So does what is longer than need be.
"""

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from quadrangle.portable.rfb.errors import ProtocolViolation

MAX_CUT_TEXT = 256 * 1024  # bytes; what Xvnc takes by default
MAX_ENCODINGS = 512
MAX_FENCE = 64  # bytes, by the protocol
MAX_CLIPBOARD_CAPS = 4 + 16 * 4  # bytes: flags, and a size for each of 16 formats

CLIPBOARD_CAPS = 1 << 24
_CLIPBOARD_ACTIONS = 0x1F << 24


class Kind(Enum):
    """What a message of a client asks for."""

    PIXEL_FORMAT = "SetPixelFormat"
    ENCODINGS = "SetEncodings"
    UPDATE_REQUEST = "FramebufferUpdateRequest"
    KEY = "KeyEvent"
    POINTER = "PointerEvent"
    CUT_TEXT = "ClientCutText"
    CLIPBOARD_CAPS = "what of the extended clipboard is supported"
    CLIPBOARD = "any other message of the extended clipboard"
    CONTINUOUS_UPDATES = "EnableContinuousUpdates"
    FENCE = "ClientFence"
    XVP = "restart or switch off"
    DESKTOP_SIZE = "SetDesktopSize"
    QEMU_KEY = "QEMU extended KeyEvent"
    QEMU_AUDIO = "QEMU audio"


class Message(NamedTuple):
    """One whole message as it was sent."""

    kind: Kind
    raw: bytes


class ClientMessages:
    """Holds what has come of a message that is not whole yet."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def feed(self, data: bytes) -> list[Message]:
        """Return the messages that are whole now, in order. Raises ProtocolViolation."""
        waiting = self._waiting
        waiting += data
        messages: list[Message] = []
        place = 0
        while place < len(waiting):
            head = bytes(waiting[place : place + _HEAD])
            length = _length(head)
            if length is None or len(waiting) - place < length:
                break
            raw = bytes(waiting[place : place + length])
            messages.append(Message(_kind(raw), raw))
            place += length
        del waiting[:place]
        return messages


_HEAD = 12  # bytes that tell the kind and length of every message


def _length(head: bytes) -> int | None:
    """Return how long the message that begins so is; None when more must come to tell."""
    known = _FIXED.get(head[0])
    if known is not None:
        return known[1]
    told = _VARIABLE.get(head[0])
    if told is None:
        raise ProtocolViolation(f"The client sent a message of the unknown type {head[0]}.")
    needed, measure = told
    return measure(head) if len(head) >= needed else None


def _encodings(head: bytes) -> int:
    count = int.from_bytes(head[2:4], "big")
    if count > MAX_ENCODINGS:
        raise ProtocolViolation(f"The client asked for {count} encodings.")
    return 4 + 4 * count


def _cut_text(head: bytes) -> int:
    """A negative length is that of a message of the extended clipboard."""
    length = int.from_bytes(head[4:8], "big", signed=True)
    if abs(length) > MAX_CUT_TEXT:
        raise ProtocolViolation(f"The client's clipboard has {abs(length)} bytes, too many.")
    if -4 < length < 0:
        raise ProtocolViolation("The client sent a broken message of the clipboard.")
    return 8 + abs(length)


def _fence(head: bytes) -> int:
    if head[8] > MAX_FENCE:
        raise ProtocolViolation(f"The client sent a fence of {head[8]} bytes.")
    return 9 + head[8]


def _desktop_size(head: bytes) -> int:
    return 8 + 16 * head[6]


def _qemu(head: bytes) -> int:
    if head[1] == 0:
        return 12
    operation = int.from_bytes(head[2:4], "big")
    length = _QEMU_AUDIO.get(operation) if head[1] == 1 else None
    if length is None:
        raise ProtocolViolation(f"The client sent a QEMU message of the unknown type {head[1]}.")
    return length


_QEMU_AUDIO = {0: 4, 1: 4, 2: 10}  # on, off, format
_FIXED: dict[int, tuple[Kind, int]] = {
    0: (Kind.PIXEL_FORMAT, 20),
    3: (Kind.UPDATE_REQUEST, 10),
    4: (Kind.KEY, 8),
    5: (Kind.POINTER, 6),
    150: (Kind.CONTINUOUS_UPDATES, 10),
    250: (Kind.XVP, 4),
}
# By type: how many bytes tell the length, and how.
_VARIABLE: dict[int, tuple[int, Callable[[bytes], int]]] = {
    2: (4, _encodings),
    6: (8, _cut_text),
    248: (9, _fence),
    251: (7, _desktop_size),
    255: (4, _qemu),
}
_KINDS = {2: Kind.ENCODINGS, 248: Kind.FENCE, 251: Kind.DESKTOP_SIZE}


def _kind(raw: bytes) -> Kind:
    if raw[0] in _FIXED:
        return _FIXED[raw[0]][0]
    if raw[0] == 6:
        return _clipboard_kind(raw)
    if raw[0] == 255:
        return Kind.QEMU_KEY if raw[1] == 0 else Kind.QEMU_AUDIO
    return _KINDS[raw[0]]


def _clipboard_kind(raw: bytes) -> Kind:
    if raw[4] < 0x80:
        return Kind.CUT_TEXT
    action = int.from_bytes(raw[8:12], "big") & _CLIPBOARD_ACTIONS
    if action == CLIPBOARD_CAPS and len(raw) <= 8 + MAX_CLIPBOARD_CAPS:
        return Kind.CLIPBOARD_CAPS
    return Kind.CLIPBOARD
