"""What a sandbox says on its output, bounded: it is written by whoever may mean ill."""

import os

MOST_BYTES = 256 * 1024


class Log:
    """Copies a pipe to a file until that is full, and drops the rest."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self.reader, self.writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        os.set_blocking(self.writer, True)
        self._room = MOST_BYTES

    def copy(self) -> bool:
        """Copy what there is; False when nothing can come any more."""
        try:
            said = os.read(self.reader, 64 * 1024)
        except BlockingIOError:
            return True
        if said and self._room > 0:
            try:
                self._room -= os.write(self._file, said[: self._room])
            except OSError:  # the disk is full: nobody is held up for want of a log
                self._room = 0
        return bool(said)

    def drain(self) -> None:
        """Copy the rest, once nothing writes any more."""
        while self._room > 0:
            before = self._room
            if not self.copy() or self._room == before:
                return
