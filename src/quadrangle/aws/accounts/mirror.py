"""Accounts as others who ask the user pool see them: roles as groups, who is switched off, e-mail.

Nothing of ours reads it. It is for what a campus builds on the same pool; and a user who is
switched off there gets no tokens from it.
"""

from quadrangle.accounts.model import Account, AccountState
from quadrangle.aws.accounts.store import DynamoAccountStore
from quadrangle.aws.accounts.user_pool import NoSuchUser, UserPool
from quadrangle.kernel.change import Change, Reaction
from quadrangle.kernel.ids import is_id

KINDS = frozenset({"account.created", "account.changed", "account.closed"})


class PoolMirror:
    """Keeps users of the pool as their accounts are."""

    def __init__(self, pool: UserPool, accounts: DynamoAccountStore) -> None:
        self._pool = pool
        self._accounts = accounts

    def all(self) -> list[Reaction]:
        """Return the reaction, for the host to register."""
        return [Reaction("accounts.mirror", KINDS, self.mirror)]

    async def mirror(self, change: Change) -> None:
        """Make the user of an account as the account is now, however often it is asked."""
        account = await self._account(change)
        while account is not None and account.state is not AccountState.CLOSED:
            try:
                self._write(account)
            except NoSuchUser:
                return  # closed meanwhile, or a restored account that has no password yet
            written, account = account, await self._account(change)
            if account == written:
                return  # else another change came between: what was written may be the older

    async def _account(self, change: Change) -> Account | None:
        return await self._accounts.get(change.subject) if is_id(change.subject) else None

    def _write(self, account: Account) -> None:
        user, role = account.account_id, account.role.value
        groups = self._pool.groups(user)
        if role not in groups:
            self._pool.add_to_group(user, role)
        for other in groups - {role}:
            self._pool.remove_from_group(user, other)
        self._pool.set_email(user, account.email)
        self._pool.enable(user, account.active)
