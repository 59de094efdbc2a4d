"""Follows what an RFB server sends, to leave out what a viewer is not to get: the clipboard.

Pictures pass as they are. They have to be measured, though, as a message begins where the one
before it ends; so the viewer may ask for `encodings.MEASURED` only, and what cannot be measured
ends the connection.
"""

from quadrangle.portable.rfb.client_messages import CLIPBOARD_CAPS, MAX_CLIPBOARD_CAPS
from quadrangle.portable.rfb.errors import ProtocolViolation
from quadrangle.portable.rfb.pixel_format import PixelFormat
from quadrangle.portable.rfb.rectangles import LAST, LAST_LENGTH, rectangle_length

_UPDATE, _CUT_TEXT = 0, 3
# How many bytes tell what follows: pictures, colours, a bell, text, the end of continuous
# updates, a fence, and what becomes of a wish to restart.
_HEADS = {_UPDATE: 4, 1: 6, 2: 1, _CUT_TEXT: 8, 150: 1, 248: 9, 250: 4}
_CLIPBOARD_ACTIONS = 0x1F << 24


class ServerMessages:
    """Everything after ServerInit. `withholds` may be changed at any time and holds for messages
    that begin from then on."""

    def __init__(self, pixels: PixelFormat) -> None:
        self.pixels = pixels
        self.withholds = True
        self._held = b""  # the beginning of what cannot be told yet
        self._passing = 0
        self._dropping = 0
        self._rectangles = 0  # that are to come in this update

    def feed(self, data: bytes) -> bytes:
        """Return what the viewer gets of this and of what was held. Raises ProtocolViolation."""
        stream = self._held + data if self._held else data
        whole, place, begin = len(stream), 0, 0
        parts: list[bytes] = []
        while place < whole:
            if self._passing:
                step = min(self._passing, whole - place)
                place, self._passing = place + step, self._passing - step
            elif self._dropping:
                parts.append(stream[begin:place])
                step = min(self._dropping, whole - place)
                begin = place = place + step
                self._dropping -= step
            else:
                further = self._further(stream, place)
                if further is None:
                    break
                place = further
        self._held = stream[place:]
        if begin == 0 and place == whole == len(data):
            return data
        return b"".join((*parts, stream[begin:place]))

    def _further(self, stream: bytes, place: int) -> int | None:
        """Return up to where the stream is understood from `place` on, where a rectangle or a
        message begins; None where more must come."""
        if self._rectangles:
            return self._over_rectangles(stream, place)
        needed = _head_length(stream, place)
        if len(stream) - place < needed:
            return None
        return place + self._begin(stream[place : place + needed])

    def _over_rectangles(self, stream: bytes, place: int) -> int | None:
        begun, whole = place, len(stream)
        while self._rectangles and place < whole:
            length = rectangle_length(stream, place, self.pixels)
            if length is None:
                return place if place > begun else None
            self._rectangles -= 1
            if length == LAST:
                length, self._rectangles = LAST_LENGTH, 0
            place += length
        if place > whole:
            self._passing = place - whole
        return min(place, whole)

    def _begin(self, head: bytes) -> int:
        """Take in the head of a message; return how many bytes of it go by at once."""
        kind = head[0]
        if kind == _UPDATE:
            self._rectangles = int.from_bytes(head[2:4], "big")
        elif kind == _CUT_TEXT:
            length = 8 + abs(_text_length(head))
            if self.withholds and not _is_caps(head):
                self._dropping = length
                return 0
            self._passing = length - len(head)
        elif kind == 1:
            self._passing = 6 * int.from_bytes(head[4:6], "big")
        elif kind == 248:
            self._passing = head[8]
        return len(head)


def _head_length(stream: bytes, place: int) -> int:
    """Return how many bytes are needed to begin with the message. Raises ProtocolViolation for a
    message of an unknown type."""
    needed = _HEADS.get(stream[place])
    if needed is None:
        raise ProtocolViolation(f"The desktop sent a message of the unknown type {stream[place]}.")
    is_text = stream[place] == _CUT_TEXT
    if is_text and len(stream) - place >= needed and stream[place + 4] >= 0x80:
        return needed + 4  # the flags of the extended clipboard
    return needed


def _text_length(head: bytes) -> int:
    """Return the length; a negative one is that of a message of the extended clipboard."""
    length = int.from_bytes(head[4:8], "big", signed=True)
    if -4 < length < 0:
        raise ProtocolViolation("The desktop sent a broken message of the clipboard.")
    return length


def _is_caps(head: bytes) -> bool:
    """Tell what the server can do with a clipboard from what is in it."""
    if len(head) < 12:
        return False
    actions = int.from_bytes(head[8:12], "big") & _CLIPBOARD_ACTIONS
    return actions == CLIPBOARD_CAPS and -_text_length(head) <= MAX_CLIPBOARD_CAPS
