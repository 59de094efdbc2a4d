"""What clients and servers of RFB send, made up: messages, splittings, and a reader of its own."""

import itertools
import struct

from hypothesis import strategies as st

VERSION = b"RFB 003.008\n"
CLIENT_OPENING = VERSION + b"\x01" + b"\x00"  # a client that wants the desktop for itself
FORMAT = struct.pack(">BBBBHHHBBB3x", 32, 24, 0, 1, 255, 255, 255, 16, 8, 0)
OTHER_FORMAT = struct.pack(">BBBBHHHBBB3x", 16, 16, 0, 1, 31, 63, 31, 11, 5, 0)
SERVER_OPENING = (
    VERSION + b"\x01\x01" + bytes(4) + struct.pack(">HH16sI", 640, 480, FORMAT, 4) + b"desk"
)
U8, U16, U32 = st.integers(0, 255), st.integers(0, 65535), st.integers(0, 2**32 - 1)
BLOB = st.binary(max_size=60)


def made(form: str, *parts: st.SearchStrategy) -> st.SearchStrategy[bytes]:
    return st.tuples(*parts).map(lambda values: struct.pack(form, *values))


def key(keysym: int, down: bool) -> bytes:
    return struct.pack(">BBxxI", 4, down, keysym)


def qemu_key(keysym: int, keycode: int, down: bool) -> bytes:
    return struct.pack(">BBHII", 255, 0, down, keysym, keycode)


def pointer(mask: int, x: int, y: int) -> bytes:
    return struct.pack(">BBHH", 5, mask, x, y)


def cut_text(text: bytes, kind: int = 6) -> bytes:
    return struct.pack(">Bxxxi", kind, len(text)) + text


def clipboard(flags: int, content: bytes = b"", kind: int = 6) -> bytes:
    return struct.pack(">BxxxiI", kind, -4 - len(content), flags) + content


def encodings(*wanted: int) -> bytes:
    return struct.pack(f">BxH{len(wanted)}i", 2, len(wanted), *wanted)


def update_request(width: int = 640, height: int = 480, incremental: int = 0) -> bytes:
    return struct.pack(">BBHHHH", 3, incremental, 0, 0, width, height)


def fence(flags: int, payload: bytes, kind: int = 248) -> bytes:
    return struct.pack(">BxxxIB", kind, flags, len(payload)) + payload


def desktop_size(width: int, height: int) -> bytes:
    screen = struct.pack(">IHHHHI", 0, 0, 0, width, height, 0)
    return struct.pack(">BxHHBx", 251, width, height, 1) + screen


KEYS = st.builds(key, st.integers(1, 6), st.booleans())
QEMU_KEYS = st.builds(qemu_key, st.integers(1, 6), st.integers(1, 6), st.booleans())
POINTERS = st.builds(pointer, U8, U16, U16)
CLIPBOARDS = st.one_of(
    BLOB.map(cut_text),
    st.builds(clipboard, st.sampled_from([1 << bit for bit in range(24, 29)]), BLOB),
    st.builds(clipboard, U32, BLOB),
)
SIZES = st.builds(desktop_size, U16, U16)
OTHERS = st.one_of(made(">BxBB", st.just(250), U8, U8), made(">BBH", st.just(255), st.just(1), U16))
INPUT = st.one_of(KEYS, QEMU_KEYS, POINTERS, CLIPBOARDS, SIZES)
SEEING = st.one_of(
    st.just(struct.pack(">Bxxx16s", 0, FORMAT)),
    st.lists(st.integers(-520, 30), max_size=8).map(lambda wanted: encodings(*wanted)),
    st.builds(update_request, U16, U16, st.integers(0, 1)),
    st.builds(fence, U32, BLOB),
    made(">BBHHHH", st.just(150), U8, U16, U16, U16, U16),
)
MESSAGES = st.lists(st.one_of(SEEING, INPUT, KEYS), max_size=30)


@st.composite
def splitted(draw: st.DrawFn, streams: st.SearchStrategy[bytes]) -> tuple[bytes, list[bytes]]:
    """A stream, and the same in pieces, down to single bytes."""
    stream = draw(streams)
    if draw(st.booleans()):
        return stream, [stream[place : place + 1] for place in range(len(stream))]
    cuts = sorted(draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    ends = [0, *cuts, len(stream)]
    return stream, [stream[a:b] for a, b in itertools.pairwise(ends)]


FIXED = {0: 20, 3: 10, 150: 10, 4: 8, 5: 6, 250: 4}


class Desktop:
    """Reads what reaches a desktop as TigerVNC's SMsgReader does, and knows what is held down.

    Written apart from what it tests. `types` are those of the messages, in order.
    """

    def __init__(self) -> None:
        self.types: list[int] = []
        self.down: set[tuple[str, int]] = set()
        self.buttons = 0
        self.texts: list[bytes] = []
        self._waiting = b""

    def take(self, data: bytes) -> None:
        self._waiting += data
        while self._waiting and self._length() <= len(self._waiting):
            length = self._length()
            self._read(self._waiting[:length])
            self._waiting = self._waiting[length:]

    @property
    def is_between_messages(self) -> bool:
        return not self._waiting

    def _length(self) -> int:
        data = self._waiting + bytes(12)
        first = data[0]
        if first in FIXED:
            return FIXED[first]
        told_by = {6: 8, 248: 9, 251: 8}.get(first, 4)
        if len(self._waiting) < told_by:
            return told_by
        if first == 2:
            return 4 + 4 * struct.unpack_from(">H", data, 2)[0]
        if first == 6:
            return 8 + abs(struct.unpack_from(">i", data, 4)[0])
        qemu = 12 if data[1] == 0 else {0: 4, 1: 4, 2: 10}[data[3]]
        return {248: 9 + data[8], 251: 8 + 16 * data[6], 255: qemu}[first]

    def _read(self, message: bytes) -> None:
        self.types.append(message[0])
        if message[0] == 4:
            self._press(("sym", struct.unpack(">I", message[4:])[0]), message[1])
        elif message[0] == 255 and message[1] == 0:
            self._press(("code", struct.unpack(">I", message[8:])[0]), max(message[2:4]))
        elif message[0] == 5:
            self.buttons = message[1]
        elif message[0] == 6:
            self.texts.append(message)

    def _press(self, named: tuple[str, int], down: int) -> None:
        (self.down.add if down else self.down.discard)(named)
