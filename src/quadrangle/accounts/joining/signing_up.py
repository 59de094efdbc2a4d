"""Signing up, and confirming an address. Answers do not tell whether an account exists."""

from quadrangle.accounts import rules
from quadrangle.accounts.joining import life_rules
from quadrangle.accounts.joining.model import Link, Purpose
from quadrangle.accounts.joining.opening_links import OpeningLinks
from quadrangle.accounts.model import Account, Place
from quadrangle.accounts.policy_model import AccountPolicy
from quadrangle.accounts.ports import AccountStore, EmailTaken
from quadrangle.accounts.secrets.ports import Credentials
from quadrangle.accounts.secrets.strength import checked_password
from quadrangle.accounts.sign_in.door_rules import mail_door
from quadrangle.accounts.sign_in.lockouts import Lockouts, SecretFinding
from quadrangle.accounts.sign_in.signing_in import NOBODY, stranger
from quadrangle.accounts.tokens.sessions import Sessions
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Gone, InvalidInput
from quadrangle.kernel.ids import new_id
from quadrangle.kernel.text import Checked

ADDRESS_TAKEN = "Another account has this address by now."


class SigningUp:
    """Opens accounts for those who ask, as far as the policy lets them."""

    def __init__(
        self,
        accounts: AccountStore,
        credentials: Credentials,
        opening: OpeningLinks,
        lockouts: Lockouts,
        sessions: Sessions,
        clock: Clock,
        policy: AccountPolicy,
    ) -> None:
        self._accounts = accounts
        self._credentials = credentials
        self._opening = opening
        self._lockouts = lockouts
        self._sessions = sessions
        self._clock = clock
        self._policy = policy

    async def sign_up(self, email: str, name: str, password: str, place: Place) -> None:
        """Make an account that waits for its address to be confirmed by the mail that goes out.

        Where the address has an account already, its owner is told so by mail. Raises Forbidden,
        InvalidInput, TooManyRequests, Unavailable.
        """
        actor = stranger(place)
        account, facts = life_rules.sign_up(
            new_id(), email, name, self._policy, actor, self._clock.now()
        )
        secret = await checked_password(
            password, account.email, field="password", name=account.name
        )

        async def look() -> SecretFinding:
            known = await self._accounts.by_email(account.email)
            if known is None:
                try:
                    await self._credentials.open(account, secret, facts)
                except EmailTaken:  # by another sign-up meanwhile
                    known = await self._accounts.by_email(account.email)
            if known is not None:
                await self._repeat(known, secret, place)
            return SecretFinding(False)

        await self._lockouts.run(mail_door(account.email, place.address), look)

    async def _repeat(self, known: Account, secret: str, place: Place) -> None:
        """Do as much work as opening an account does, and one write as well."""
        await self._credentials.rehearse(secret)
        actor, now = stranger(place), self._clock.now()
        await self._accounts.update(
            known.account_id, lambda found, _: life_rules.sign_up_again(found, actor, now)
        )

    async def ask_confirmation(self, email: str, place: Place) -> None:
        """Have the mail that confirms an address sent again, where there is something to confirm.

        Raises InvalidInput, TooManyRequests, Unavailable.
        """
        await self._ask("account.confirmation-asked", email, place)

    async def ask_reset(self, email: str, place: Place) -> None:
        """Have a link sent by which the owner of an account sets a new password.

        Raises InvalidInput, TooManyRequests, Unavailable.
        """
        await self._ask("account.reset-asked", email, place)

    async def _ask(self, kind: str, email: str, place: Place) -> None:
        checked = Checked()
        address = rules.email_of(email, checked)
        if checked.errors:
            raise InvalidInput(checked.errors)

        async def look() -> SecretFinding:
            known = await self._accounts.by_email(address)
            subject = known.account_id if known else NOBODY
            asked = rules.fact(kind, subject, {}, stranger(place), self._clock.now())
            return SecretFinding(False, asked)

        await self._lockouts.run(mail_door(address, place.address), look)

    async def confirm(self, token: str, place: Place) -> str:
        """Take a link for a new account or a new address, and return the address it confirmed.

        Raises InvalidInput, Gone, TooManyRequests, Unavailable.
        """
        life_rules.check_form(token)
        link, account = await self._opening.look(token, place, Purpose.CONFIRM, Purpose.NEW_ADDRESS)
        decide = life_rules.confirm
        if link.purpose is Purpose.NEW_ADDRESS:
            decide = life_rules.take_new_address
            decide(account, link, place.address, self._clock.now())  # before the link is used up
            await self._require_free(link)
            await self._opening.use(link)

        def confirm(found: Account, _: int) -> tuple[Account, list[Change]]:
            return decide(found, link, place.address, self._clock.now())

        try:
            confirmed = await self._accounts.update(account.account_id, confirm)
        except EmailTaken as error:
            raise Gone(ADDRESS_TAKEN) from error
        self._sessions.forget()
        return confirmed.email

    async def _require_free(self, link: Link) -> None:
        if await self._accounts.by_email(link.email) is not None:
            raise Gone(ADDRESS_TAKEN)
