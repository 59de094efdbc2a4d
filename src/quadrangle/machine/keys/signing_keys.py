"""The keys that sign our tokens, in one file that only its owner can read."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from quadrangle.accounts.tokens.key_rules import in_order
from quadrangle.accounts.tokens.signing_keys import (
    KeysUnusable,
    SigningKey,
    decode_keys,
    encode_keys,
    first_keys,
    rotated,
)
from quadrangle.kernel.clock import Clock
from quadrangle.machine.keys import key_files

_Stamp = tuple[int, int, int]  # tells one version of the file from another


class KeyFile:
    """The keys in a file, made now when there are none. `current` is an accounts CurrentKeys.

    Another process may replace them: the file is read again when it has changed. All methods
    raise KeysUnusable for a file that others may read or that is damaged.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._stamp: _Stamp | None = None
        self._keys: list[SigningKey] = []
        key_files.load_or_make(path, lambda: encode_keys(first_keys(clock.now())))
        self.current()

    def current(self) -> Sequence[SigningKey]:
        """Return the key that signs now, then all others that are accepted.

        Those at hand go on to be used should the file be spoilt meanwhile: `rotate` then says so.
        """
        try:
            stamp = self._look()
            if stamp != self._stamp:
                self._keys, self._stamp = self._read(), stamp
        except KeysUnusable:
            if not self._keys:
                raise
        return in_order(self._keys, self._clock.now())

    def rotate(self) -> bool:
        """Make and remove what is due; tell whether anything was."""
        return self._replace(lambda keys: rotated(keys, self._clock.now()))

    def replace(self) -> None:
        """Put a new key in the place of all, at once: whatever they signed has ended."""
        self._replace(lambda _: first_keys(self._clock.now()))

    def _replace(self, decide: Callable[[list[SigningKey]], list[SigningKey] | None]) -> bool:
        with key_files.locked(self._path.parent):
            replaced = decide(self._read())
            if replaced is None:
                return False
            key_files.write(self._path, encode_keys(replaced))
        return True

    def _read(self) -> list[SigningKey]:
        return decode_keys(key_files.read(self._path), str(self._path))

    def _look(self) -> _Stamp:
        try:
            found = os.stat(self._path)
        except OSError as error:
            told = f"The key in {self._path} cannot be used: {error.strerror}."
            raise KeysUnusable(told) from error
        return found.st_ino, found.st_mtime_ns, found.st_size
