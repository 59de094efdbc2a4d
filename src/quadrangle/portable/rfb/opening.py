"""The handshake as the one in between hears it, of a client and a server that both speak RFB.

Only what was expected goes on: no other way to sign in, and no client that wants the desktop for
itself alone, which would send the others away.
"""

from collections.abc import Callable, Generator

from quadrangle.portable.rfb import handshake
from quadrangle.portable.rfb.errors import ProtocolViolation
from quadrangle.portable.rfb.handshake import NONE, SHARED, VERSION, ServerInit

_WITHOUT_RESULT = b"RFB 003.007\n"
_WITHOUT_CHOICE = b"RFB 003.003\n"

Steps = Generator[int, bytes, None]  # yields how many bytes it wants to be sent next


class Opening:
    """Stands between client and server until both have said what comes before the messages.

    A side is done when it leaves something over; `server_init` is what the server said last.
    """

    def __init__(self) -> None:
        self.server_init: ServerInit | None = None
        self._version = b""
        self._client = _Side(self._of_client)
        self._server = _Side(self._of_server)

    @property
    def client_done(self) -> bool:
        return self._client.done

    def from_client(self, data: bytes) -> tuple[bytes, bytes]:
        """Return what goes on to the server, and what is left over: the first messages. Raises
        ProtocolViolation."""
        return self._client.feed(data)

    def from_server(self, data: bytes) -> tuple[bytes, bytes]:
        """Return what goes on to the client, and what is left over. Raises ProtocolViolation."""
        return self._server.feed(data)

    def _of_client(self) -> Steps:
        self._version = yield 12
        if self._version not in (VERSION, _WITHOUT_RESULT, _WITHOUT_CHOICE):
            raise ProtocolViolation("The client does not speak RFB 3.8.")
        self._client.passes(self._version)
        if self._version != _WITHOUT_CHOICE:
            chosen = yield 1
            if chosen[0] != NONE:
                raise ProtocolViolation("The client chose a way to sign in that was not offered.")
            self._client.passes(chosen)
        yield 1  # whether it wants to share
        self._client.passes(SHARED)

    def _of_server(self) -> Steps:
        version = yield 12
        handshake.check_version(version)
        self._server.passes(version)
        yield from self._security()
        head = yield handshake.INIT_LENGTH
        length = handshake.name_length(head)
        name = (yield length) if length else b""
        self.server_init = handshake.read_init(head)
        self._server.passes(head + name)

    def _security(self) -> Steps:
        count = yield 1
        if not self._version:
            raise ProtocolViolation("The desktop did not wait for its client.")
        if self._version == _WITHOUT_CHOICE:
            chosen = count + (yield 3)
            handshake.check_types(chosen[3:])
            self._server.passes(chosen)
            return
        if count[0] == 0:
            length = int.from_bytes((yield 4), "big")
            raise handshake.refused((yield min(max(length, 1), handshake.MAX_REASON)))
        types = yield count[0]
        handshake.check_types(types)
        self._server.passes(bytes([1, NONE]))
        if self._version == VERSION:
            result = yield 4
            handshake.check_result(result)
            self._server.passes(result)


class _Side:
    """Gives steps the bytes they want, and keeps what is on its way to the other side."""

    def __init__(self, steps_of: Callable[[], Steps]) -> None:
        self.done = False
        self._steps = steps_of()
        self._wanted = next(self._steps)
        self._held = b""
        self._passed = bytearray()

    def passes(self, data: bytes) -> None:
        self._passed += data

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        held = self._held + data
        while not self.done and len(held) >= self._wanted:
            piece, held = held[: self._wanted], held[self._wanted :]
            try:
                self._wanted = self._steps.send(piece)
            except StopIteration:
                self.done = True
        passed = bytes(self._passed)
        self._passed.clear()
        self._held = b"" if self.done else held
        return passed, held if self.done else b""
