"""Access tokens that others issued, and whom they stand for here."""

from quadrangle.accounts import rules
from quadrangle.accounts.ports import AccountStore
from quadrangle.accounts.tokens.identity_ports import IdentityStore
from quadrangle.accounts.tokens.issuers import Subject, Verified
from quadrangle.kernel.errors import NotSignedIn
from quadrangle.kernel.ids import is_id
from quadrangle.kernel.principal import Principal, Role


class OutsideBearers:
    """`factor_roles` must have a second factor."""

    def __init__(
        self,
        accounts: AccountStore,
        identities: IdentityStore,
        factor_roles: frozenset[Role] = frozenset(),
    ) -> None:
        self._accounts = accounts
        self._identities = identities
        self._factor_roles = factor_roles

    async def principal_of(self, verified: Verified) -> Principal:
        """Return who holds a token that was checked; the role is the account's now.

        Raises NotSignedIn when no account that may be used belongs to it.
        """
        account_id: str | None = verified.subject
        if verified.issuer.subject is Subject.LINKED:
            account_id = await self._identities.find(verified.issuer.iss, verified.subject)
        account = None
        if account_id is not None and is_id(account_id):
            account = await self._accounts.get(account_id)
        if account is None:
            raise NotSignedIn("There is no account here for this access token.")
        return rules.principal_of(account, account.epoch, self._factor_roles)
