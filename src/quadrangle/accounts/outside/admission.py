"""Whose account someone has whom an outside issuer signed in."""

from quadrangle.accounts import rules
from quadrangle.accounts.joining import life_rules
from quadrangle.accounts.model import Account, AccountState
from quadrangle.accounts.outside import rules as outside_rules
from quadrangle.accounts.outside.model import Identity, Person
from quadrangle.accounts.outside.rules import NotAdmitted, Problem
from quadrangle.accounts.ports import AccountStore, EmailTaken
from quadrangle.accounts.rules import Decision
from quadrangle.accounts.secrets.ports import Credentials
from quadrangle.accounts.tokens.identity_ports import IdentityStore, IdentityTaken, OutsideIssuer
from quadrangle.kernel.clock import Clock, to_text
from quadrangle.kernel.errors import Conflict
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.principal import Principal, Role


class Admission:
    """Finds the linked account, links one by its e-mail address, or opens one."""

    def __init__(
        self,
        accounts: AccountStore,
        credentials: Credentials,
        identities: IdentityStore,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._credentials = credentials
        self._identities = identities
        self._clock = clock

    async def admit(self, issuer: OutsideIssuer, person: Person, actor: Principal) -> Account:
        """Return the account of a person, which may be used. Raises NotAdmitted, Unavailable.

        `actor` has the address the person comes from.
        """
        account = await self._linked(issuer, person)
        if account is None:
            email = outside_rules.vouched_email(person)
            account = await self._accounts.by_email(email)
            if account is None:
                account = await self._open(issuer, person, email, actor)
            elif account.active and account.state is AccountState.UNCONFIRMED:
                account = await self._take_over(person, account, actor)
            # Only an open account's address is known to be its owner's.
            outside_rules.require_open(account)
            await self._link(issuer, person, account, actor)
        outside_rules.require_open(account)
        return account

    async def _linked(self, issuer: OutsideIssuer, person: Person) -> Account | None:
        account_id = await self._identities.find(issuer.iss, person.subject)
        return None if account_id is None else await self._accounts.get(account_id)

    async def _open(
        self, issuer: OutsideIssuer, person: Person, email: str, actor: Principal
    ) -> Account:
        if not issuer.sign_up:
            raise NotAdmitted(Problem.UNKNOWN_ACCOUNT)
        name = outside_rules.shown_name(person, email)
        account, changes = rules.open_account(
            new_id(), email, name, Role.STUDENT, actor, self._clock.now()
        )
        try:
            await self._credentials.open(account, None, changes)
        except EmailTaken:  # by the same person, a moment ago
            found = await self._accounts.by_email(email)
            if found is None:
                raise NotAdmitted(Problem.EXPIRED) from None
            return found
        return account

    async def _take_over(self, person: Person, account: Account, actor: Principal) -> Account:
        """Open an account that was signed up for and never confirmed, without what came with it:
        somebody else may have done so, whose password would open it else."""
        name = outside_rules.shown_name(person, account.email)

        def decide(found: Account, _: int) -> Decision:
            return life_rules.vouch(found, name, actor.origin, self._clock.now())

        try:
            return await self._credentials.forget_password(account.account_id, decide)
        except Conflict:  # confirmed a moment ago, by whoever reads the mails of the address
            raise NotAdmitted(Problem.EXPIRED, account.account_id) from None

    async def _link(
        self, issuer: OutsideIssuer, person: Person, account: Account, actor: Principal
    ) -> None:
        """Link once: an address that has gone to somebody else at the issuer opens nothing."""
        now = self._clock.now()
        identity = Identity(issuer.iss, person.subject, account.account_id, to_text(now))
        data = {"issuer": issuer.issuer_id}
        change = rules.fact("account.identity-linked", account.account_id, data, actor, now)
        try:
            await self._identities.link(identity, [change])
        except IdentityTaken:
            linked = await self._identities.find(issuer.iss, person.subject)
            if linked != account.account_id:  # else: the same person, a moment ago
                raise NotAdmitted(Problem.UNKNOWN_ACCOUNT, account.account_id) from None
