"""Moving one's account to another address, and closing it."""

from quadrangle.accounts import rules
from quadrangle.accounts.joining import life_rules
from quadrangle.accounts.model import Account, Place
from quadrangle.accounts.own.reauthentication import Reauthentication
from quadrangle.accounts.policy_model import AccountPolicy
from quadrangle.accounts.ports import AccountStore
from quadrangle.accounts.secrets.ports import Credentials
from quadrangle.accounts.sign_in.door_rules import mail_door
from quadrangle.accounts.sign_in.lockouts import Lockouts, SecretFinding
from quadrangle.accounts.tokens.sessions import Sessions
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import NotSignedIn
from quadrangle.kernel.principal import Principal


class Leaving:
    """Both ask for the password again: whoever sits at an open page must not take the account."""

    def __init__(
        self,
        accounts: AccountStore,
        credentials: Credentials,
        reauthentication: Reauthentication,
        lockouts: Lockouts,
        sessions: Sessions,
        clock: Clock,
        policy: AccountPolicy,
    ) -> None:
        self._accounts = accounts
        self._credentials = credentials
        self._reauthentication = reauthentication
        self._lockouts = lockouts
        self._sessions = sessions
        self._clock = clock
        self._policy = policy

    async def ask_new_address(
        self, actor: Principal, email: str, password: str, place: Place
    ) -> None:
        """Keep a new address until the link in the mail to it is followed.

        The same happens with an address that has another account: only its owner learns that.
        Raises InvalidInput, NotSignedIn, Forbidden, TooManyRequests, Unavailable.
        """
        account = await self._own(actor)
        wanted = life_rules.new_address(email, account, self._policy)
        await self._reauthentication.require(account, password, actor, place)

        def decide(found: Account, _: int) -> tuple[Account, list[Change]]:
            return life_rules.ask_new_address(found, wanted, actor, self._clock.now())

        async def ask() -> SecretFinding:
            await self._accounts.update(account.account_id, decide)
            return SecretFinding(False)

        await self._lockouts.run(mail_door(wanted, place.address), ask)

    async def close(self, actor: Principal, password: str, place: Place) -> None:
        """End one's own account: nobody signs in to it from now on, what is personal is erased.

        Raises InvalidInput, NotSignedIn, Forbidden, Conflict, TooManyRequests, Unavailable.
        """
        account = await self._own(actor)
        await self._reauthentication.require(account, password, actor, place)

        def decide(found: Account, other_admins: int) -> tuple[Account, list[Change]]:
            return life_rules.close(found, other_admins, actor.origin, self._clock.now())

        await self._credentials.close(account.account_id, decide)
        self._sessions.forget()

    async def _own(self, actor: Principal) -> Account:
        account = await self._accounts.get(rules.require_account(actor))
        if account is None:
            raise NotSignedIn()
        return account
