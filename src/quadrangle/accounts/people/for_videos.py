"""What videos ask about people. Implements videos.sharing.ports.People."""

import asyncio
from collections.abc import Sequence

from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.ports import AccountStore
from quadrangle.kernel.ids import is_id
from quadrangle.kernel.principal import Role
from quadrangle.kernel.text import folded

_AT_ONCE = 25
Named = tuple[str, str, str]  # account id, name, address


class VideoPeople:
    """People whose accounts are open."""

    def __init__(self, accounts: AccountStore) -> None:
        self._accounts = accounts

    async def by_email(self, email: str) -> Named | None:
        """Return who has an address, None for nobody. Raises Unavailable."""
        account = await self._accounts.by_email(email.strip().lower())
        return _named(account) if account is not None and _is_open(account) else None

    async def named(self, account_ids: Sequence[str]) -> list[Named]:
        """Return those of them whose accounts are open, by name. Raises Unavailable."""
        found: list[Named] = []
        for first in range(0, len(account_ids), _AT_ONCE):
            some = account_ids[first : first + _AT_ONCE]
            accounts = await asyncio.gather(*map(self._open, some))
            found += [_named(each) for each in accounts if each is not None]
        return sorted(found, key=lambda each: (folded(each[1]), each[2]))

    async def who_is(self, account_id: str) -> tuple[str, Role] | None:
        """Return name and role of someone, None without an open account. Raises Unavailable."""
        account = await self._open(account_id)
        return None if account is None else (account.name, account.role)

    async def _open(self, account_id: str) -> Account | None:
        account = await self._accounts.get(account_id) if is_id(account_id) else None
        return account if account is not None and _is_open(account) else None


def _is_open(account: Account) -> bool:
    return account.active and account.state is AccountState.OPEN


def _named(account: Account) -> Named:
    return account.account_id, account.name, account.email
