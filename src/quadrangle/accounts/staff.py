"""Staff members: who they are, and what admins do with their accounts."""

from quadrangle.accounts import rules
from quadrangle.accounts.credential_ports import Credentials
from quadrangle.accounts.lockouts import Lockouts
from quadrangle.accounts.made import make_password
from quadrangle.accounts.model import Account
from quadrangle.accounts.ports import AccountStore, EmailTaken
from quadrangle.accounts.rules import Edit
from quadrangle.accounts.sessions import Sessions
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, NotFound
from quadrangle.kernel.ids import is_id, new_id
from quadrangle.kernel.principal import Principal, Role, require_admin, require_staff


class Staff:
    """Keeps the staff's accounts. Also answers who can be assigned something."""

    def __init__(
        self,
        accounts: AccountStore,
        credentials: Credentials,
        lockouts: Lockouts,
        sessions: Sessions,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._credentials = credentials
        self._lockouts = lockouts
        self._sessions = sessions
        self._clock = clock

    async def members(self, actor: Principal) -> list[Account]:
        """Return all staff and admins by name. Raises NotSignedIn, Forbidden, Unavailable."""
        require_staff(actor)
        return await self._accounts.staff()

    async def add(self, email: str, name: str, role: Role, actor: Principal) -> tuple[Account, str]:
        """Open an account and return it with its made password, which is known nowhere else.

        Raises InvalidInput, NotSignedIn, Forbidden, Conflict, Unavailable.
        """
        require_admin(actor)
        account, facts = rules.open_account(new_id(), email, name, role, actor, self._clock.now())
        password = make_password()
        try:
            await self._credentials.open(account, password, facts)
        except EmailTaken as error:
            raise Conflict("There is already an account with this e-mail address.") from error
        return account, password

    async def edit(self, account_id: str, wanted: Edit, actor: Principal) -> Account:
        """Change name, role or whether the account is active; return it.

        Raises InvalidInput, NotSignedIn, Forbidden, NotFound, Conflict, Unavailable.
        """
        require_admin(actor)
        _require_id(account_id)

        def decide(account: Account, other_admins: int) -> tuple[Account, list[Change]]:
            return rules.edit(account, wanted, other_admins, actor, self._clock.now())

        edited = await self._accounts.update(account_id, decide)
        self._sessions.forget()
        return edited

    async def new_password(self, account_id: str, actor: Principal) -> str:
        """Give the account a made password and return it; what it was signed in to ends.

        Raises NotSignedIn, Forbidden, NotFound, Unavailable.
        """
        require_admin(actor)
        _require_id(account_id)
        password = make_password()

        def decide(account: Account, _: int) -> tuple[Account, list[Change]]:
            return rules.replace_password(account, actor, self._clock.now())

        changed = await self._credentials.set_password(account_id, password, decide)
        self._sessions.forget()
        await self._lockouts.forget(f"password:{changed.email}")
        return password

    async def staff_names(self) -> dict[str, str]:
        """Return names by account id, of active and former staff. Raises Unavailable."""
        return {account.account_id: account.name for account in await self._accounts.staff()}

    async def is_active_staff(self, account_id: str) -> bool:
        """Tell whether something can be assigned to this account. Raises Unavailable."""
        account = await self._accounts.get(account_id) if is_id(account_id) else None
        return account is not None and account.active and account.role in (Role.STAFF, Role.ADMIN)


def _require_id(account_id: str) -> None:
    if not is_id(account_id):
        raise NotFound("There is no account with that id.")
