"""Everyone with an account, for administrators: finding, inviting, changing, letting in again."""

import asyncio
from collections.abc import Sequence

import msgspec

from quadrangle.accounts import rules
from quadrangle.accounts.joining.links import AccountLinks
from quadrangle.accounts.model import Account, AccountState, NoSuchAccount
from quadrangle.accounts.people import (
    address_rules,
)
from quadrangle.accounts.people import (
    import_list as people_import,
)
from quadrangle.accounts.people import (
    rules as people_rules,
)
from quadrangle.accounts.people.import_list import Invitee
from quadrangle.accounts.people.rules import Status
from quadrangle.accounts.policy_model import SignUp
from quadrangle.accounts.ports import AccountStore, Decide, EmailTaken, PeopleQuery
from quadrangle.accounts.rules import AccountEdit, Decision
from quadrangle.accounts.secrets.generated import make_password
from quadrangle.accounts.secrets.ports import Credentials
from quadrangle.accounts.sign_in.lockouts import Lockouts
from quadrangle.accounts.tokens.sessions import Sessions
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, Forbidden, NotFound
from quadrangle.kernel.ids import is_id, new_id
from quadrangle.kernel.page import Page
from quadrangle.kernel.principal import Principal, Role, require_admin

KNOWN = "There is already an account with this e-mail address."
NOT_INVITING = (
    "Accounts of this campus come from its own sign-in service, so nobody is invited here."
)
AT_ONCE = 50  # invitations of a list that are written side by side
_STATES = {
    Status.INVITED: AccountState.INVITED,
    Status.UNCONFIRMED: AccountState.UNCONFIRMED,
    Status.ACTIVE: AccountState.OPEN,
}


class Search(msgspec.Struct, frozen=True):
    """Which people are wanted; `words` are looked for in names and addresses."""

    words: str = ""
    role: Role | None = None
    status: Status | None = None
    limit: int = 50
    cursor: str | None = None


class Invited(msgspec.Struct, frozen=True):
    """An account that waits for its owner, and the address to hand over where no mail goes out."""

    account: Account
    url: str


class Corrected(msgspec.Struct, frozen=True):
    """An account and, where it still waits for its owner, the address to hand over."""

    account: Account
    url: str | None


class Imported(msgspec.Struct, frozen=True):
    """How many were invited, and the addresses that had an account already."""

    invited: int
    known: list[str]


class People:
    """Each method is for administrators: all may raise NotSignedIn, Forbidden and Unavailable."""

    def __init__(
        self,
        accounts: AccountStore,
        credentials: Credentials,
        links: AccountLinks,
        lockouts: Lockouts,
        sessions: Sessions,
        sign_up: SignUp,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._credentials = credentials
        self._links = links
        self._lockouts = lockouts
        self._sessions = sessions
        self._sign_up = sign_up
        self._clock = clock

    async def find(self, wanted: Search, actor: Principal) -> Page[Account]:
        """Return people by name. Raises InvalidInput for a cursor that is not ours."""
        require_admin(actor)
        return await self._accounts.people(_query(wanted))

    async def get(self, account_id: str, actor: Principal) -> Account:
        """Raises NotFound."""
        require_admin(actor)
        account = await self._accounts.get(account_id) if is_id(account_id) else None
        if account is None:
            raise NoSuchAccount()
        return account

    async def by_email(self, email: str, actor: Principal) -> Account:
        """Return the account of an address, in any case. Raises NotFound."""
        require_admin(actor)
        address = email.strip().lower()
        account = await self._accounts.by_email(address)
        if account is None:
            raise NotFound(f"There is no account with the address {address}.")
        return account

    async def invite(self, email: str, name: str, role: Role, actor: Principal) -> Invited:
        """Make an account that waits for its owner; a mail tells them. Raises InvalidInput,
        Conflict."""
        self._require_inviting(actor)
        account, facts = people_rules.invite(new_id(), email, name, role, actor, self._clock.now())
        await self._open(account, None, facts)
        return Invited(account, self._links.invitation_url(account))

    async def invite_again(self, account_id: str, actor: Principal) -> Invited:
        """Have the invitation mailed once more; those before it stay good for their seven days.

        Raises NotFound, Conflict.
        """
        self._require_inviting(actor)

        def decide(account: Account, _: int) -> Decision:
            return people_rules.invite_again(account, actor, self._clock.now())

        account = await self._update(account_id, decide)
        return Invited(account, self._links.invitation_url(account))

    async def bring_in(self, body: bytes, actor: Principal) -> Imported:
        """Invite everyone on a list (people_import), or nobody when it has a fault.

        Who has an account already is left as they are; so a list that was cut off by a failure is
        sent again as a whole. Raises InvalidInput.
        """
        self._require_inviting(actor)
        people = people_import.read(body)
        known: list[str] = []
        for group in _groups(people):
            results = await asyncio.gather(
                *(self._is_new(each, actor) for each in group), return_exceptions=True
            )
            for invitee, result in zip(group, results, strict=True):
                if isinstance(result, BaseException):
                    raise result
                if not result:
                    known.append(invitee.email)
        return Imported(len(people) - len(known), known)

    async def _is_new(self, invitee: Invitee, actor: Principal) -> bool:
        """Invite someone; False when the address is known."""
        account, facts = people_rules.invite(
            new_id(), invitee.email, invitee.name, invitee.role, actor, self._clock.now()
        )
        try:
            await self._credentials.open(account, None, facts)
        except EmailTaken:
            return False
        return True

    async def add(self, email: str, name: str, role: Role, actor: Principal) -> tuple[Account, str]:
        """Open an account at once and return it with its made password, known nowhere else.

        Raises InvalidInput, Conflict.
        """
        require_admin(actor)
        account, facts = rules.open_account(new_id(), email, name, role, actor, self._clock.now())
        password = make_password()
        await self._open(account, password, facts)
        return account, password

    async def edit(self, account_id: str, wanted: AccountEdit, actor: Principal) -> Account:
        """Change name, role or whether the account is active. Raises InvalidInput, NotFound,
        Conflict."""
        require_admin(actor)

        def decide(account: Account, other_admins: int) -> Decision:
            return rules.edit(account, wanted, other_admins, actor, self._clock.now())

        edited = await self._update(account_id, decide)
        self._sessions.forget()
        return edited

    async def correct_address(self, account_id: str, email: str, actor: Principal) -> Corrected:
        """Have an account go by another address (address_rules); mails follow.

        Raises InvalidInput, NotFound, Conflict.
        """
        account = await self.get(account_id, actor)

        def decide(account: Account, _: int) -> Decision:
            return address_rules.correct_address(account, email, actor, self._clock.now())

        decide(account, 0)  # what is wrong with the address is told before whose it is
        if await self._accounts.by_email(email.strip().lower()) is not None:
            raise Conflict(KNOWN)
        try:
            corrected = await self._accounts.update(account_id, decide)
        except EmailTaken as error:
            raise Conflict(KNOWN) from error
        invited = corrected.state is AccountState.INVITED
        return Corrected(corrected, self._links.invitation_url(corrected) if invited else None)

    async def new_password(self, account_id: str, actor: Principal) -> str:
        """Give the account a made password and return it; what it was signed in to ends.

        Raises NotFound, Conflict.
        """
        require_admin(actor)
        _require_id(account_id)
        password = make_password()

        def decide(account: Account, _: int) -> Decision:
            return people_rules.give_password(account, actor, self._clock.now())

        changed = await self._credentials.set_password(account_id, password, decide)
        self._sessions.forget()
        await self._lockouts.forget(f"password:{changed.email}")
        return password

    async def sign_out(self, account_id: str, actor: Principal) -> None:
        """End every sign-in of an account. Raises NotFound."""
        account = await self.get(account_id, actor)
        await self._sessions.end_all(account.account_id, actor)

    async def _open(self, account: Account, password: str | None, facts: list[Change]) -> None:
        try:
            await self._credentials.open(account, password, facts)
        except EmailTaken as error:
            raise Conflict(KNOWN) from error

    async def _update(self, account_id: str, decide: Decide) -> Account:
        _require_id(account_id)
        return await self._accounts.update(account_id, decide)

    def _require_inviting(self, actor: Principal) -> None:
        require_admin(actor)
        if self._sign_up is SignUp.CLOSED:
            raise Forbidden(NOT_INVITING)


def _query(wanted: Search) -> PeopleQuery:
    state = active = None
    if wanted.status is Status.CLOSED:
        state = AccountState.CLOSED
    elif wanted.status is not None:
        state, active = _STATES.get(wanted.status), wanted.status is not Status.DISABLED
    return PeopleQuery(wanted.words, wanted.role, state, active, wanted.limit, wanted.cursor)


def _groups(people: Sequence[Invitee]) -> list[Sequence[Invitee]]:
    return [people[at : at + AT_ONCE] for at in range(0, len(people), AT_ONCE)]


def _require_id(account_id: str) -> None:
    if not is_id(account_id):
        raise NoSuchAccount()
