"""API keys: making, listing and revoking them, and letting in the machines that hold them."""

import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from quadrangle.accounts.api_keys import rules as api_key_rules
from quadrangle.accounts.api_keys.rules import ApiKey, NewKey, Plan
from quadrangle.http.asking.authenticator import Machine
from quadrangle.http.asking.limits import Limit, RateLimiter
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock, from_text, to_text
from quadrangle.kernel.declaration import Scope
from quadrangle.kernel.errors import NotFound, Unavailable
from quadrangle.kernel.ids import is_id, new_id
from quadrangle.kernel.principal import Principal, require_admin

# How old `used_at` may grow: more often, every request of a machine would be a write.
USE_NOTED_EVERY = timedelta(hours=1)
BURST = 10  # of a plan's requests in an hour, one in so many may come at once


class ApiKeyStore(Protocol):
    """Keeps API keys with their change records. Every method raises Unavailable when away."""

    async def add(self, key: ApiKey, changes: Sequence[Change]) -> None: ...

    async def get(self, api_key_id: str) -> ApiKey | None: ...

    async def list(self) -> list[ApiKey]:
        """Return all keys, revoked ones too, the newest first."""
        ...

    async def revoke(self, key: ApiKey, changes: Sequence[Change]) -> bool:
        """Save `revoked_at` with the changes; False, and nothing saved, for a key that had one."""
        ...

    async def note_use(self, api_key_id: str, at: str) -> None:
        """Save when a key was used, unless a later use is known."""
        ...


class RequestCounter(Protocol):
    """Counts a key's requests against its plan."""

    async def take(self, api_key_id: str, plan: Plan, now: datetime) -> int:
        """Count one and return how many are left now. Raises TooManyRequests, Unavailable."""
        ...


class CounterInMemory:
    """Implements RequestCounter for one process: what is left fills up evenly over the hour."""

    def __init__(self, limiter: RateLimiter) -> None:
        self._limiter = limiter

    async def take(self, api_key_id: str, plan: Plan, now: datetime) -> int:
        limit = Limit(plan.per_hour // BURST, plan.per_hour)
        return self._limiter.take("api-key", api_key_id, limit)


class ApiKeys:
    """Keeps the keys of machines; every verb but `authenticate` is an administrator's.

    `scopes` are all that a key may be let do.
    """

    def __init__(
        self,
        store: ApiKeyStore,
        counter: RequestCounter,
        clock: Clock,
        scopes: Sequence[Scope],
    ) -> None:
        self._store = store
        self._counter = counter
        self._clock = clock
        self._scopes = {scope.name: scope for scope in scopes}

    async def list(self, actor: Principal) -> Sequence[ApiKey]:
        """Return all keys, the newest first. Raises NotSignedIn, Forbidden, Unavailable."""
        require_admin(actor)
        return await self._store.list()

    async def make(self, wanted: NewKey, actor: Principal) -> tuple[ApiKey, str]:
        """Return a new key and what the machine sends, which is known nowhere else.

        Raises InvalidInput, NotSignedIn, Forbidden, Unavailable.
        """
        require_admin(actor)
        secret = api_key_rules.new_secret()
        key, change = api_key_rules.make(
            new_id(), wanted, secret, self._scopes, actor, self._clock.now()
        )
        await self._store.add(key, [change])
        return key, api_key_rules.shown(key, secret)

    async def revoke(self, api_key_id: str, actor: Principal) -> None:
        """End a key at once. Raises NotSignedIn, Forbidden, NotFound, Unavailable."""
        require_admin(actor)
        key = await self._store.get(api_key_id) if is_id(api_key_id) else None
        if key is None:
            raise NotFound("There is no such API key.")
        revoked, changes = api_key_rules.revoke(key, actor, self._clock.now())
        if changes:
            await self._store.revoke(revoked, changes)

    async def authenticate(self, sent: str, scope: str | None) -> Machine:
        """Return whose key was sent, on a route that needs `scope`, having counted the request.

        Raises NotSignedIn, TooManyRequests, Forbidden, Unavailable.
        """
        now = self._clock.now()
        api_key_id, secret = api_key_rules.read(sent)
        found = await self._store.get(api_key_id)
        key = api_key_rules.require_holds(found, secret, now)
        left = await self._counter.take(key.api_key_id, key.plan, now)
        needed = None if scope is None else self._scopes[scope]
        machine = Machine(api_key_rules.principal_of(key, needed), key.plan.per_hour, left)
        await self._note_use(key, now)
        return machine

    async def _note_use(self, key: ApiKey, now: datetime) -> None:
        if key.used_at is not None and now - from_text(key.used_at) < USE_NOTED_EVERY:
            return
        # A reader need not be refused because this could not be written down.
        with contextlib.suppress(Unavailable):
            await self._store.note_use(key.api_key_id, to_text(now))
