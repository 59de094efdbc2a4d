"""The gate between a viewer and a desktop: lets through what the viewer has a right to.

It works on the bytes of both directions in any splitting, knows nothing of sockets, and does not
trust the viewer's program. Its own desktop a person sees with clipboard and all; of somebody else's
(a guest) the clipboard is withheld while watching, and its size is never a guest's to change.
"""

from quadrangle.meetings.model import Right
from quadrangle.portable.rfb import encodings
from quadrangle.portable.rfb.client_messages import ClientMessages, Kind, Message
from quadrangle.portable.rfb.errors import ProtocolViolation
from quadrangle.portable.rfb.held import Held
from quadrangle.portable.rfb.opening import Opening
from quadrangle.portable.rfb.pixel_format import PixelFormat, read_pixel_format
from quadrangle.portable.rfb.server_messages import ServerMessages

_SEEING = frozenset(
    {
        Kind.PIXEL_FORMAT,
        Kind.ENCODINGS,
        Kind.UPDATE_REQUEST,
        Kind.CONTINUOUS_UPDATES,
        Kind.FENCE,
        Kind.CLIPBOARD_CAPS,
    }
)
_HAND = frozenset({Kind.KEY, Kind.QEMU_KEY, Kind.POINTER, Kind.CUT_TEXT, Kind.CLIPBOARD})
_OWNERS = frozenset({Kind.DESKTOP_SIZE, Kind.XVP})
_ASKS_FOR_PICTURES = frozenset({Kind.UPDATE_REQUEST, Kind.CONTINUOUS_UPDATES})


class Gate:
    """One viewer's connection to one desktop. `owner`: it is the viewer's own desktop.

    Every method may raise ProtocolViolation, after which the connection is to be closed.
    """

    def __init__(self, right: Right, *, owner: bool) -> None:
        self._right = right
        self._owner = owner
        self._opening = Opening()
        self._client = ClientMessages()
        self._server: ServerMessages | None = None
        self._pixels: PixelFormat | None = None
        self._pictures_asked = False
        self._knows_sizes = False
        self._held = Held()

    @property
    def right(self) -> Right:
        return self._right

    def set_right(self, right: Right) -> bytes:
        """Change what the viewer may do from now on. Return what the desktop has to hear at once:
        where the right is withdrawn, that nothing is held down any more."""
        self._right = right
        if self._server is not None:
            self._server.withholds = right is Right.WATCH
        return self.leave() if right is Right.WATCH else b""

    def leave(self) -> bytes:
        """Return what the desktop has to hear when the viewer goes."""
        return self._held.let_go()

    def from_client(self, data: bytes) -> bytes:
        """Return what of this, and of what was held, the desktop gets."""
        passed = b""
        if not self._opening.client_done:
            passed, data = self._opening.from_client(data)
        allowed = self._allowed()
        out = [passed]
        for message in self._client.feed(data):
            if message.kind in allowed and self._is_understood(message):
                out.append(self._checked(message))
        return b"".join(out)

    def from_server(self, data: bytes) -> bytes:
        """Return what of this, and of what was held, the viewer gets."""
        if self._opening.server_init is not None:
            return data if self._server is None else self._server.feed(data)
        passed, data = self._opening.from_server(data)
        if self._opening.server_init is None:
            return passed
        self._pixels = self._pixels or self._opening.server_init.pixels
        if not self._owner:
            self._server = ServerMessages(self._pixels)
            self._server.withholds = self._right is Right.WATCH
        return passed + self.from_server(data)

    def _allowed(self) -> frozenset[Kind]:
        if self._right is Right.WATCH:
            return _SEEING
        return _SEEING | _HAND | _OWNERS if self._owner else _SEEING | _HAND

    def _is_understood(self, message: Message) -> bool:
        """A viewer that changes the size without having announced that it knows of sizes would
        make the desktop abort."""
        return message.kind is not Kind.DESKTOP_SIZE or self._knows_sizes

    def _checked(self, message: Message) -> bytes:
        """Return a message as it goes on, having taken note of what follows from it."""
        if message.kind is Kind.ENCODINGS:
            return self._fewer_encodings(message.raw)
        if message.kind is Kind.PIXEL_FORMAT and not self._owner:
            self._choose(read_pixel_format(message.raw[4:]))
        elif message.kind in _ASKS_FOR_PICTURES:
            self._pictures_asked = True
        else:
            self._held.note(message)
        return message.raw

    def _fewer_encodings(self, message: bytes) -> bytes:
        """Leave out what would change the length of pointer messages, so that gate and desktop
        never read the same bytes differently; for a guest also what cannot be measured."""
        wanted = encodings.read_encodings(message)
        if self._owner:
            kept = tuple(each for each in wanted if each != encodings.EXTENDED_BUTTONS)
        else:
            kept = tuple(each for each in wanted if each in encodings.MEASURED)
        self._knows_sizes = encodings.EXTENDED_DESKTOP_SIZE in kept
        return encodings.set_encodings(kept)

    def _choose(self, pixels: PixelFormat) -> None:
        """Pictures of the old format may still be on their way when a new one is asked for."""
        if self._pictures_asked and pixels != self._pixels:
            raise ProtocolViolation("The format of pixels can only be chosen before a picture.")
        self._pixels = pixels
        if self._server is not None:
            self._server.pixels = pixels
