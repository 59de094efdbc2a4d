"""Staff members: who they are, and to whom something can be assigned."""

from quadrangle.accounts.model import Account
from quadrangle.accounts.ports import AccountStore
from quadrangle.kernel.ids import is_id
from quadrangle.kernel.principal import Principal, Role, require_staff


class Staff:
    """Answers who is staff, and who can be assigned something."""

    def __init__(self, accounts: AccountStore) -> None:
        self._accounts = accounts

    async def members(self, actor: Principal) -> list[Account]:
        """Return all staff and admins by name. Raises NotSignedIn, Forbidden, Unavailable."""
        require_staff(actor)
        return await self._accounts.staff()

    async def staff_names(self) -> dict[str, str]:
        """Return names by account id, of active and former staff. Raises Unavailable."""
        return {account.account_id: account.name for account in await self._accounts.staff()}

    async def is_active_staff(self, account_id: str) -> bool:
        """Tell whether something can be assigned to this account. Raises Unavailable."""
        return await self._active(account_id) is not None

    async def address_of(self, account_id: str) -> str | None:
        """Return where mail reaches an active staff member; None for anybody else. Raises
        Unavailable."""
        account = await self._active(account_id)
        return None if account is None else account.email

    async def _active(self, account_id: str) -> Account | None:
        account = await self._accounts.get(account_id) if is_id(account_id) else None
        return account if account is not None and is_active(account) else None


def is_active(account: Account) -> bool:
    """Tell whether something can be assigned to an account, and mail about it reaches it."""
    return account.role in (Role.STAFF, Role.ADMIN) and account.usable
