"""What people are called, wherever only their id was kept."""

from collections.abc import Iterable

from quadrangle.accounts.model import AccountState
from quadrangle.accounts.ports import AccountStore
from quadrangle.kernel.ids import is_id

FORMER = "Former member"  # who closed their account


class Names:
    """Looks names up as they are now."""

    def __init__(self, accounts: AccountStore) -> None:
        self._accounts = accounts

    async def of(self, account_id: str) -> str:
        """Return a name, FORMER of an account that was closed or is not there.

        What is no id stands for itself, such as the command line. Raises Unavailable.
        """
        if not is_id(account_id):
            return account_id
        account = await self._accounts.get(account_id)
        if account is None or account.state is AccountState.CLOSED:
            return FORMER
        return account.name

    async def of_all(self, account_ids: Iterable[str]) -> dict[str, str]:
        """Return names by id, each looked up once. Raises Unavailable."""
        return {account_id: await self.of(account_id) for account_id in set(account_ids)}
