"""The gate between a viewer and a terminal, see portable/terminal/protocol.py."""

from quadrangle.http.streaming.line import FlowBroken
from quadrangle.meetings.model import Right
from quadrangle.portable.terminal.protocol import BadFrame, Decoder, Frame, Kind, encode

MAX_INPUT = 256 * 1024  # bytes typed or pasted at once


class TerminalGate:
    """Lets keys through with the right to control; the size is only its owner's to change.

    Whole frames only, so that nothing of one that was begun under another right gets through.
    """

    def __init__(self, right: Right, *, owner: bool) -> None:
        self._right = right
        self._owner = owner
        self._decoder = Decoder()

    @property
    def right(self) -> Right:
        return self._right

    def set_right(self, right: Right) -> bytes:
        """Change what the viewer may do from now on; a terminal has no keys that are held down."""
        self._right = right
        return b""

    def leave(self) -> bytes:
        return b""

    def from_client(self, data: bytes) -> bytes:
        """Return the frames that may pass. Raises FlowBroken for any other than a viewer sends."""
        try:
            return b"".join(self._checked(frame) for frame in self._decoder.feed(data))
        except BadFrame as bad:
            raise FlowBroken(f"This is not spoken with a terminal: {bad}.") from bad

    def from_server(self, data: bytes) -> bytes:
        return data

    def _checked(self, frame: Frame) -> bytes:
        if frame.kind not in (Kind.INPUT, Kind.RESIZE) or len(frame.payload) > MAX_INPUT:
            raise FlowBroken("This is not for viewers of a terminal to send.")
        if self._right is Right.WATCH or (frame.kind is Kind.RESIZE and not self._owner):
            return b""
        return encode(frame.kind, frame.payload)
