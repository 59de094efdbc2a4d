"""What meetings ask about people. Implements meetings.ports.People."""

from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.ports import AccountStore
from quadrangle.kernel.ids import is_id
from quadrangle.kernel.principal import Role


class MeetingPeople:
    """People whose accounts are open."""

    def __init__(self, accounts: AccountStore) -> None:
        self._accounts = accounts

    async def email_of(self, account_id: str) -> str | None:
        """Return where mails to someone go, None without an open account. Raises Unavailable."""
        account = await self._accounts.get(account_id) if is_id(account_id) else None
        return account.email if _is_open(account) and account else None

    async def role_of(self, account_id: str) -> Role | None:
        """Return someone's role, None without an open account. Raises Unavailable."""
        account = await self._accounts.get(account_id) if is_id(account_id) else None
        return account.role if _is_open(account) and account else None

    async def name_of(self, account_id: str) -> str | None:
        """Return someone's name, None without an open account. Raises Unavailable."""
        account = await self._accounts.get(account_id) if is_id(account_id) else None
        return account.name if _is_open(account) and account else None

    async def by_email(self, email: str) -> tuple[str, str] | None:
        """Return the id and name of who has that address, None for nobody. Raises Unavailable."""
        account = await self._accounts.by_email(email.strip().lower())
        return (account.account_id, account.name) if _is_open(account) and account else None


def _is_open(account: Account | None) -> bool:
    return account is not None and account.active and account.state is AccountState.OPEN
