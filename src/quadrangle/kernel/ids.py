"""Ids that cannot be guessed."""

import os
import uuid
from collections import deque

_IDS_AT_ONCE = 256


class _Entropy:
    """Bytes of the system's random source, fetched for many ids at once and each used once.

    Asking for them gives up the interpreter's lock, and getting that back costs a busy server many
    times what the bytes do.
    """

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque()

    def take(self) -> bytes:
        """Return 16 bytes nobody else gets; threads may share the source, as a deque is atomic."""
        while True:
            try:
                return self._waiting.popleft()
            except IndexError:
                fetched = os.urandom(16 * _IDS_AT_ONCE)
                self._waiting.extend(fetched[i : i + 16] for i in range(0, len(fetched), 16))

    def forget(self) -> None:
        """Drop what was fetched: a forked child must not give the ids its parent gives."""
        self._waiting.clear()


_entropy = _Entropy()
os.register_at_fork(after_in_child=_entropy.forget)


def new_id() -> str:
    """Return a random UUID (version 4) in its usual text form."""
    return str(uuid.UUID(bytes=_entropy.take(), version=4))


def new_request_id() -> str:
    """Return 32 random hexadecimal digits."""
    return _entropy.take().hex()


def is_id(text: str) -> bool:
    """Tell whether `text` has the form `new_id` gives, so that a store need not be asked."""
    if len(text) != 36:
        return False
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False
