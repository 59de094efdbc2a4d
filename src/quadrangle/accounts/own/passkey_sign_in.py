"""Signing in with a passkey, without typing an address. It counts as two factors."""

from typing import Any

from quadrangle.accounts import rules
from quadrangle.accounts.model import Account, Method, Place, SignedIn
from quadrangle.accounts.own import passkey_rules
from quadrangle.accounts.own.factor_rules import require_lengths
from quadrangle.accounts.own.passkey_model import Passkey
from quadrangle.accounts.own.passkey_ports import Ceremonies, CeremonyFailed, PasskeyStore
from quadrangle.accounts.own.passkeys import Asked
from quadrangle.accounts.own.states import States
from quadrangle.accounts.ports import AccountStore
from quadrangle.accounts.sign_in.door_rules import passkey_door
from quadrangle.accounts.sign_in.lockouts import Lockouts, SecretFinding
from quadrangle.accounts.sign_in.signing_in import NOBODY, stranger
from quadrangle.accounts.tokens.sessions import Sessions
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Gone, NotSignedIn
from quadrangle.kernel.principal import Principal

PURPOSE = "passkey-sign-in"
# The same for a passkey nobody has, a wrong answer, and an account that may not sign in.
NOT_TAKEN = "This passkey is not known here, or may not be used any more."


class PasskeySignIn:
    """Checks what a browser answers with a passkey of its choice."""

    def __init__(
        self,
        accounts: AccountStore,
        store: PasskeyStore,
        ceremonies: Ceremonies,
        states: States,
        lockouts: Lockouts,
        sessions: Sessions,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._store = store
        self._ceremonies = ceremonies
        self._states = states
        self._lockouts = lockouts
        self._sessions = sessions
        self._clock = clock

    async def begin(self) -> Asked:
        """Return what to ask the browser for. Raises Unavailable."""
        asked = await self._ceremonies.sign_in()
        return Asked(self._states.give(PURPOSE, asked.challenge), asked.options)

    async def finish(self, state: str, credential: dict[str, Any], place: Place) -> SignedIn:
        """Raises InvalidInput, NotSignedIn, TooManyRequests, Unavailable."""
        require_lengths(state=state)
        try:
            given = await self._states.take(PURPOSE, state)
        except Gone as over:
            raise NotSignedIn(over.message) from None
        holder: Account | None = None

        async def look() -> SecretFinding:
            nonlocal holder
            passkey = await self._presented(credential)
            found = None if passkey is None else await self._accounts.get(passkey.account_id)
            if passkey is None or found is None or not found.usable:
                return self._refused(NOBODY if found is None else found.account_id, place)
            try:
                count = await self._ceremonies.asserted(credential, given.challenge, passkey)
                used = await self._use(passkey, count)
            except CeremonyFailed:
                return self._refused(found.account_id, place)
            except passkey_rules.Cloned:
                return self._refused(found.account_id, place, "account.passkey-cloned")
            if used is None:  # removed meanwhile
                return self._refused(found.account_id, place)
            holder = found
            actor = Principal(found.name, found.role, found.account_id, origin=place.address)
            return SecretFinding(True, self._fact("account.signed-in", found.account_id, actor))

        await self._lockouts.run(passkey_door(place.address), look)
        if holder is None:
            raise NotSignedIn(NOT_TAKEN)
        return await self._sessions.start(holder, Method.PASSKEY, place)

    async def _presented(self, credential: dict[str, Any]) -> Passkey | None:
        passkey_id = credential.get("id")
        if not isinstance(passkey_id, str) or not passkey_rules.is_passkey_id(passkey_id):
            return None
        return await self._store.get(passkey_id)

    async def _use(self, passkey: Passkey, count: int) -> Passkey | None:
        now = self._clock.now()
        return await self._store.update(
            passkey.passkey_id, lambda found: passkey_rules.use(found, count, now)
        )

    def _refused(
        self, subject: str, place: Place, kind: str = "account.sign-in-failed"
    ) -> SecretFinding:
        return SecretFinding(False, self._fact(kind, subject, stranger(place)))

    def _fact(self, kind: str, subject: str, actor: Principal) -> Change:
        data = {"method": Method.PASSKEY.value}
        return rules.fact(kind, subject, data, actor, self._clock.now())
