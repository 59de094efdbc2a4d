"""Recovery codes: ten, shown once, each good for one sign-in when the app is away."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Protocol

from quadrangle.kernel.change import Change

HOW_MANY = 10
# Crockford's base 32, without letters that look like digits.
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_GROUPS, _GROUP = 3, 5


class RecoveryCodes(Protocol):
    """Keeps hashes of the codes that are left. Every method raises Unavailable when away."""

    async def replace(
        self, account_id: str, hashes: Sequence[str], changes: Sequence[Change] = ()
    ) -> None:
        """Have these and no others; one write with the changes."""
        ...

    async def use(self, account_id: str, code_hash: str) -> bool:
        """Remove a code; False when it is not there, as for the second of two at once."""
        ...

    async def count(self, account_id: str) -> int: ...


class Recovery:
    """Makes and takes recovery codes."""

    def __init__(self, store: RecoveryCodes) -> None:
        self._store = store

    async def renew(self, account_id: str, changes: Sequence[Change] = ()) -> list[str]:
        """Return ten new codes, 75 random bits each: `k7mq3-fztx0-va9wp`; the old ones end."""
        codes = [_make() for _ in range(HOW_MANY)]
        hashes = [_hash(account_id, code) for code in codes]
        await self._store.replace(account_id, hashes, changes)
        return codes

    async def use(self, account_id: str, typed: str) -> bool:
        """Take a code as someone typed it; each is right once."""
        return await self._store.use(account_id, _hash(account_id, typed))

    async def left(self, account_id: str) -> int:
        return await self._store.count(account_id)

    async def forget(self, account_id: str) -> None:
        await self._store.replace(account_id, [])


def _make() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _hash(account_id: str, code: str) -> str:
    """Return what is kept of a code. A fast hash will do: 75 random bits are not guessed."""
    plain = code.lower().replace("-", "").replace(" ", "")
    return hashlib.sha256(f"{account_id}:{plain}".encode()).hexdigest()
