"""The public keys of an outside issuer, fetched from where it publishes them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import jwt

from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Unavailable
from quadrangle.portable.single_sign_on.web import SILENT, UNUSABLE

# A token that names a key we do not know has us look again, but not as often as tokens can be made.
LOOK_AGAIN_AFTER = timedelta(minutes=1)
STALE_AFTER = timedelta(hours=1)  # a key taken back is believed no longer than this
KEPT_WITHOUT_ANSWER = timedelta(hours=24)  # while the issuer is away


class FetchedKeys:
    """Implements accounts.issuers.KeySource. `fetch` gives the JWK Set, and raises Unavailable."""

    def __init__(self, fetch: Callable[[], Awaitable[dict[str, Any]]], clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: dict[str, dict[str, Any]] = {}
        self._fetched_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._turn = asyncio.Lock()

    async def key(self, kid: str, algorithm: str) -> Any | None:
        if not self._is_fresh() or kid not in self._keys:
            async with self._turn:  # those who waited find what the first one fetched
                if not self._is_fresh() or kid not in self._keys:
                    await self._look()
        jwk = self._keys.get(kid)
        return None if jwk is None else _public_key(jwk, algorithm)

    def _is_fresh(self) -> bool:
        now = self._clock.now()
        return self._fetched_at is not None and now - self._fetched_at < STALE_AFTER

    async def _look(self) -> None:
        now = self._clock.now()
        if self._tried_at is None or now - self._tried_at >= LOOK_AGAIN_AFTER:
            self._tried_at = now
            try:
                self._keys = _by_name(await self._fetch())
                self._fetched_at = now
            except Unavailable:
                if not self._has_usable(now):
                    raise
        elif not self._has_usable(now):
            raise Unavailable(SILENT)

    def _has_usable(self, now: datetime) -> bool:
        return self._fetched_at is not None and now - self._fetched_at < KEPT_WITHOUT_ANSWER


def _by_name(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    listed = answer.get("keys")
    if not isinstance(listed, list):
        raise Unavailable(UNUSABLE)
    named = (jwk for jwk in listed if isinstance(jwk, dict) and isinstance(jwk.get("kid"), str))
    return {jwk["kid"]: jwk for jwk in named if jwk.get("use", "sig") == "sig"}


def _public_key(jwk: dict[str, Any], algorithm: str) -> Any | None:
    """Return the key, None when it is not one of the algorithm's kind: shared secrets never are."""
    if jwk.get("kty") == "oct" or jwk.get("alg", algorithm) != algorithm:
        return None
    try:
        return jwt.PyJWK(jwk, algorithm).key
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
