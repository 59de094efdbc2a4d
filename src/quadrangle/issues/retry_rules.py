"""What an Idempotency-Key is kept as, and what a report under a kept one is answered.

A key is its sender's: an account's, an API key's, or of those who did not say who they are, whom
only the key tells apart. It is kept as digits of one length: whose it is, then what was sent.
So the first half finds it, in the order of every database, and the whole is seldom there twice.
"""

from datetime import timedelta
from hashlib import blake2b

import msgspec

from quadrangle.issues.model import Issue
from quadrangle.kernel.clock import from_text
from quadrangle.kernel.errors import KeyReused
from quadrangle.kernel.principal import Principal

LIFE = timedelta(days=1)
_BYTES = 16
_DIGITS = 39  # of the largest number of so many bytes


def kept_key(key: str, sent: tuple[str | None, ...], actor: Principal) -> str:
    """Return what is kept of a client's key: whose it is, and the digest of what was sent."""
    return _digits("of", actor.account_id, actor.name, key) + _digits(*sent)


def is_senders(kept: str | None, key: str, actor: Principal) -> bool:
    """Tell whether what is kept of a key is that sender's `key`, whatever was sent with it."""
    return kept is not None and whose(kept) == whose(kept_key(key, (), actor))


def whose(kept: str) -> str:
    """Return the half of a kept key that says whose it is."""
    return kept[:_DIGITS]


def all_of(kept: str) -> tuple[str, str]:
    """Return the first and the last of the kept keys that are the same sender's same key. (The
    first is that half alone: once keys were kept as they were sent, most of them shorter.)"""
    return whose(kept), whose(kept) + "9" * _DIGITS


def has_ended(before: Issue, again: Issue) -> bool:
    """Tell whether the key of a report is free again when another comes."""
    return from_text(again.created_at) - from_text(before.created_at) >= LIFE


def require_same(before: Issue, again: Issue) -> None:
    """Raise KeyReused unless both reports, of one sender's key, say the same."""
    if before.idempotency_key != again.idempotency_key:
        raise KeyReused("This Idempotency-Key was sent with another report. Please use a new one.")


def _digits(*parts: str | None) -> str:
    digest = blake2b(msgspec.json.encode(parts), digest_size=_BYTES).digest()
    return str(int.from_bytes(digest)).zfill(_DIGITS)
