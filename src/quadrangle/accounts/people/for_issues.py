"""What issues ask about those who report them. Implements issues.ports.MemberDirectory."""

from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.ports import AccountStore
from quadrangle.kernel.ids import is_id
from quadrangle.kernel.principal import Role


class IssueMembers:
    """People with accounts, also such that were closed."""

    def __init__(self, accounts: AccountStore) -> None:
        self._accounts = accounts

    async def name_of(self, account_id: str) -> str | None:
        """Return what somebody is called; None once the account is closed. Raises Unavailable."""
        account = await self._get(account_id)
        if account is None or account.state is AccountState.CLOSED:
            return None
        return account.name

    async def address_of(self, account_id: str) -> str | None:
        """Return the address that is proved to be somebody's, None without an open account.
        Raises Unavailable."""
        account = await self._get(account_id)
        return account.email if account is not None and account.usable else None

    async def was_staff(self, account_id: str) -> bool:
        """Tell whether somebody's role is, or was when the account was closed, one of staff.
        Raises Unavailable."""
        account = await self._get(account_id)
        return account is not None and account.role in (Role.STAFF, Role.ADMIN)

    async def _get(self, account_id: str) -> Account | None:
        return await self._accounts.get(account_id) if is_id(account_id) else None
