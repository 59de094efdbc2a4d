"""One's own passkeys: adding, naming and removing them."""

from typing import Any

import msgspec

from quadrangle.accounts import rules
from quadrangle.accounts.model import Access, Account, Place, Session
from quadrangle.accounts.own import passkey_rules
from quadrangle.accounts.own.factor_rules import (
    FactorChange,
    change_factors,
    require_left,
    require_lengths,
)
from quadrangle.accounts.own.passkey_model import Passkey
from quadrangle.accounts.own.passkey_ports import (
    Ceremonies,
    CeremonyFailed,
    PasskeyKnown,
    PasskeyStore,
)
from quadrangle.accounts.own.reauthentication import Reauthentication
from quadrangle.accounts.own.states import STATE_OVER, States
from quadrangle.accounts.rules import Decision
from quadrangle.accounts.secrets.ports import Credentials
from quadrangle.accounts.secrets.recovery import Recovery
from quadrangle.accounts.tokens.sessions import Sessions
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, Gone, InvalidInput, NotFound
from quadrangle.kernel.principal import Principal, Role

PURPOSE = "passkey-registration"
NOT_TAKEN = "This passkey could not be added. It must check who you are, by a PIN or a finger."


class Asked(msgspec.Struct, frozen=True):
    """What a browser is asked for, and the state to send back with what it answers."""

    state: str
    options: dict[str, Any]


class Added(msgspec.Struct, frozen=True):
    """A new passkey; recovery codes where it is the account's first factor."""

    passkey: Passkey
    recovery_codes: list[str] | None
    access: Access | None


class Passkeys:
    """Errors and access tokens as in TwoFactor."""

    def __init__(
        self,
        store: PasskeyStore,
        ceremonies: Ceremonies,
        states: States,
        credentials: Credentials,
        recovery: Recovery,
        again: Reauthentication,
        sessions: Sessions,
        factor_roles: frozenset[Role],
        clock: Clock,
    ) -> None:
        self._store = store
        self._ceremonies = ceremonies
        self._states = states
        self._credentials = credentials
        self._recovery = recovery
        self._again = again
        self._sessions = sessions
        self._factor_roles = factor_roles
        self._clock = clock

    async def of_own(self, actor: Principal) -> list[Passkey]:
        """Return one's own, the oldest first."""
        return await self._store.of_account(rules.require_account(actor))

    async def begin(
        self, actor: Principal, password: str, session: Session | None, place: Place
    ) -> Asked:
        """Return what to ask the browser for. Raises Conflict when there are too many."""
        account = await self._own(actor)
        await self._again.require(account, password, actor, place, session=session)
        known = await self._store.of_account(account.account_id)
        passkey_rules.require_room(len(known))
        asked = await self._ceremonies.registration(account, known)
        state = self._states.give(
            PURPOSE, asked.challenge, account_id=account.account_id, epoch=account.epoch
        )
        return Asked(state, asked.options)

    async def add(
        self,
        actor: Principal,
        state: str,
        name: str,
        credential: dict[str, Any],
        session: Session | None,
    ) -> Added:
        """Raises InvalidInput, Gone for a state that is used or too old, Conflict for a passkey
        that is known already."""
        account = await self._own(actor)
        shown = passkey_rules.check_name(name)
        require_lengths(state=state)
        given = await self._states.take(PURPOSE, state, account_id=account.account_id)
        if given.epoch != account.epoch:
            raise Gone(STATE_OVER)
        try:
            made = await self._ceremonies.registered(credential, given.challenge)
        except CeremonyFailed:
            raise InvalidInput.at("credential", NOT_TAKEN) from None
        passkey = passkey_rules.new_passkey(account.account_id, shown, made, self._clock.now())

        def decide(found: Account, _: int) -> Decision:
            what = FactorChange.PASSKEY_ADDED
            return change_factors(found, account, what, actor, self._clock.now(), left=True)

        try:
            changed = await self._store.add(passkey, decide)
        except PasskeyKnown:
            raise Conflict("This passkey is set up already.") from None
        access = await self._sessions.carry_on(session, changed)
        codes = None
        if not account.two_factor:
            codes = await self._recovery.renew(account.account_id)
        return Added(passkey, codes, access)

    async def rename(self, actor: Principal, passkey_id: str, name: str) -> Passkey:
        """Raises InvalidInput, NotFound."""
        account_id = rules.require_account(actor)
        if not passkey_rules.is_passkey_id(passkey_id):
            raise NotFound(passkey_rules.NO_PASSKEY)
        shown = passkey_rules.check_name(name)
        renamed = await self._store.update(
            passkey_id, lambda found: passkey_rules.rename(found, account_id, shown)
        )
        if renamed is None:
            raise NotFound(passkey_rules.NO_PASSKEY)
        return renamed

    async def remove(
        self,
        actor: Principal,
        passkey_id: str,
        password: str,
        session: Session | None,
        place: Place,
    ) -> Access | None:
        """Raises NotFound, and Conflict where the role needs a factor and none is left."""
        account = await self._own(actor)
        require_lengths(password=password)
        others = await self._others(account, passkey_id)
        left = bool(others) or await self._credentials.has_totp(account.account_id)
        require_left(account, self._factor_roles, left=left)
        await self._again.require(account, password, actor, place, session=session)

        def decide(found: Account, _: int) -> Decision:
            require_left(found, self._factor_roles, left=left)
            what = FactorChange.PASSKEY_REMOVED
            return change_factors(found, account, what, actor, self._clock.now(), left=left)

        changed = await self._store.remove(account.account_id, passkey_id, decide)
        if changed is None:
            raise NotFound(passkey_rules.NO_PASSKEY)
        access = await self._sessions.carry_on(session, changed)
        if not left:
            await self._recovery.forget(account.account_id)
        return access

    async def _others(self, account: Account, passkey_id: str) -> list[Passkey]:
        """Return the account's other passkeys. Raises NotFound unless this is one of them."""
        every = await self._store.of_account(account.account_id)
        others = [each for each in every if each.passkey_id != passkey_id]
        if len(others) == len(every):
            raise NotFound(passkey_rules.NO_PASSKEY)
        return others

    async def _own(self, actor: Principal) -> Account:
        rules.require_account(actor)
        account = await self._sessions.me(actor)
        assert account is not None  # as require_account has seen to it
        return account
