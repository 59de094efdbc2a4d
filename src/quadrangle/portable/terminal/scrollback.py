"""The last of what a shell wrote, for viewers who come later."""

from collections import deque

RESET = b"\x1bc"


class Scrollback:
    """Keeps about the last `most` bytes. Standard library only, as it runs in a sandbox."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._parts: deque[bytes] = deque()
        self._length = 0
        self._cut = False

    def add(self, output: bytes) -> None:
        self._parts.append(output)
        self._length += len(output)
        while self._length - len(self._parts[0]) >= self._most:
            self._length -= len(self._parts.popleft())
            self._cut = True

    def screen(self) -> bytes:
        """Return what shows the same as the shell's output so far: from the start of a line where
        the beginning is gone, so that no character or escape sequence is shown by half."""
        kept = b"".join(self._parts)[-self._most :]
        if self._cut or len(kept) < self._length:
            kept = kept[kept.find(b"\n") + 1 :]
        return RESET + kept
