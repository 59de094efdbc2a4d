"""What a client holds down, and how to let go of it."""

from quadrangle.portable.rfb.client_messages import Kind, Message
from quadrangle.portable.rfb.errors import ProtocolViolation

MAX_KEYS = 256  # no keyboard has so many, and each is remembered
_NO_BUTTON = 0


class Held:
    """Remembers keys and buttons from the messages that reached the desktop."""

    def __init__(self) -> None:
        self._keys: dict[bytes, bytes] = {}  # what names a key -> the message that lets go of it
        self._buttons = _NO_BUTTON
        self._place = b"\0\0\0\0"

    def note(self, message: Message) -> None:
        """Take in a message that goes on to the desktop. Raises ProtocolViolation."""
        raw = message.raw
        if message.kind is Kind.KEY:
            self._key(raw[4:8], bool(raw[1]), raw[:1] + b"\0" + raw[2:])
        elif message.kind is Kind.QEMU_KEY:
            self._key(raw[8:12] + b"qemu", bool(raw[2] | raw[3]), raw[:2] + b"\0\0" + raw[4:])
        elif message.kind is Kind.POINTER:
            self._buttons, self._place = raw[1], raw[2:6]

    def _key(self, name: bytes, down: bool, release: bytes) -> None:
        if not down:
            self._keys.pop(name, None)
            return
        self._keys[name] = release
        if len(self._keys) > MAX_KEYS:
            raise ProtocolViolation("The client holds down more keys than there are.")

    def let_go(self) -> bytes:
        """Return the messages that release everything, and forget it."""
        released = list(self._keys.values())
        self._keys.clear()
        if self._buttons != _NO_BUTTON:
            released.append(bytes([5, _NO_BUTTON]) + self._place)
            self._buttons = _NO_BUTTON
        return b"".join(released)
