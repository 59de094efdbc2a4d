"""Argon2id in threads of its own: hashing is slow on purpose and takes memory."""

import asyncio
import base64
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from quadrangle.kernel.errors import Unavailable

T = TypeVar("T")

# The first choice of OWASP's Password Storage Cheat Sheet: 46 MiB, one pass, one lane.
MEMORY_KIB = 47_104
PASSES = 1
AT_ONCE = 2  # each takes a processor and MEMORY_KIB meanwhile
MAX_WAITING = 200  # some five seconds' worth; more are asked to come back


class Argon2Passwords:
    """Implements accounts.ports.Passwords. `memory_kib` and `passes` say how slow a guess is."""

    def __init__(
        self, *, memory_kib: int = MEMORY_KIB, passes: int = PASSES, at_once: int = AT_ONCE
    ) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="argon2")
        self._waiting = 0
        self._no_one = _unmatched_hash(self._hasher)

    async def hash(self, secret: str) -> str:
        """Return the hash with its salt and parameters. Raises Unavailable."""
        return await self._run(lambda: self._hasher.hash(secret))

    async def verify(self, hashed: str | None, secret: str) -> bool:
        """Tell whether `secret` has that hash. Raises Unavailable, also for a hash that cannot be
        read: what is stored is damaged then."""
        target = self._no_one if hashed is None else hashed
        matches = await self._run(lambda: self._matches(target, secret))
        return matches and hashed is not None

    def is_outdated(self, hashed: str) -> bool:
        """Tell whether the hash was made with other parameters than these."""
        return self._hasher.check_needs_rehash(hashed)

    def close(self) -> None:
        """End the threads once they are done."""
        self._threads.shutdown()

    def _matches(self, hashed: str, secret: str) -> bool:
        try:
            return self._hasher.verify(hashed, secret)
        except VerifyMismatchError:
            return False
        except (InvalidHashError, VerificationError) as error:
            raise Unavailable("This cannot be checked just now.") from error

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= MAX_WAITING:
            raise Unavailable(
                "Too many people are signing in at this moment. Please try again shortly."
            )
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def _unmatched_hash(hasher: PasswordHasher) -> str:
    """Return a hash of nothing in particular, which takes as long to compare as a real one."""

    def part(length: int) -> str:
        return base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")

    return (
        f"$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
        f"${part(hasher.salt_len)}${part(hasher.hash_len)}"
    )
