"""What people see and change of their own account."""

import msgspec

from quadrangle.accounts import rules
from quadrangle.accounts.model import Account
from quadrangle.accounts.own.passkey_ports import PasskeyStore
from quadrangle.accounts.ports import AccountStore
from quadrangle.accounts.secrets.ports import Credentials
from quadrangle.accounts.secrets.recovery import Recovery
from quadrangle.accounts.tokens.sessions import Sessions
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.principal import Principal, Role


class OwnAccountView(msgspec.Struct, frozen=True):
    """An account as its owner sees it."""

    account: Account
    has_password: bool
    totp: bool
    passkeys: int
    recovery_codes_left: int
    factor_required: bool


class OwnAccount:
    """`factor_roles` must have a second factor."""

    def __init__(
        self,
        accounts: AccountStore,
        credentials: Credentials,
        recovery: Recovery,
        passkeys: PasskeyStore,
        sessions: Sessions,
        clock: Clock,
        factor_roles: frozenset[Role],
    ) -> None:
        self._accounts = accounts
        self._credentials = credentials
        self._recovery = recovery
        self._passkeys = passkeys
        self._sessions = sessions
        self._clock = clock
        self._factor_roles = factor_roles

    async def overview(self, actor: Principal) -> OwnAccountView | None:
        """Return one's own account, None for the PIN. Raises NotSignedIn, Unavailable."""
        account = await self._sessions.me(actor)
        if account is None:
            return None
        account_id = account.account_id
        factor = account.two_factor
        return OwnAccountView(
            account=account,
            has_password=await self._credentials.has_password(account_id),
            totp=await self._credentials.has_totp(account_id),
            passkeys=len(await self._passkeys.of_account(account_id)) if factor else 0,
            recovery_codes_left=await self._recovery.left(account_id) if factor else 0,
            factor_required=account.role in self._factor_roles,
        )

    async def rename(self, actor: Principal, name: str) -> Account:
        """Raises InvalidInput, NotSignedIn, Forbidden, Unavailable."""
        account_id = rules.require_account(actor)

        def decide(account: Account, others: int) -> tuple[Account, list[Change]]:
            return rules.edit(
                account, rules.AccountEdit(name=name), others, actor, self._clock.now()
            )

        renamed = await self._accounts.update(account_id, decide)
        self._sessions.forget()
        return renamed
