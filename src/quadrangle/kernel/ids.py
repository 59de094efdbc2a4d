"""Ids that cannot be guessed."""

import os
import re
import uuid
from collections import deque
from contextvars import ContextVar
from datetime import UTC, datetime

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62
_RANDOM = ~((0xFFFF << 80 | 0xF << 76 | 0b11 << 62) | 0xFFFFFFFF << 96) & (1 << 128) - 1
_IDS_AT_ONCE = 256
_FORM = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


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


def ordered_id(at: datetime) -> str:
    """Return a UUID of version 7 (RFC 9562) in its usual text form.

    It begins with the milliseconds of `at`, so that of what is written together the ids stand
    together in an index; 74 random bits keep it from being guessed.
    """
    since = max(at, _EPOCH) - _EPOCH
    milliseconds = (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000
    random = int.from_bytes(_entropy.take()) & _RANDOM
    digits = f"{milliseconds << 80 | _VERSION_7 | _VARIANT | random:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


# Of the request that is being answered, for whatever is logged meanwhile.
REQUEST_ID: ContextVar[str] = ContextVar("request_id")


def new_request_id() -> str:
    """Return 32 random hexadecimal digits."""
    return _entropy.take().hex()


def is_id(text: str) -> bool:
    """Tell whether `text` has the form `new_id` gives, so that a store need not be asked."""
    return _FORM.fullmatch(text) is not None
