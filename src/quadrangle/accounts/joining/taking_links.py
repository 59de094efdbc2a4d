"""What a link lets its holder do: set a new password, and take an account they are invited to."""

from quadrangle.accounts.joining import life_rules
from quadrangle.accounts.joining.model import LINK_OVER, Purpose
from quadrangle.accounts.joining.opening_links import OpeningLinks
from quadrangle.accounts.model import Account, AccountState, Method, Place, SignedIn
from quadrangle.accounts.secrets.ports import Credentials
from quadrangle.accounts.secrets.strength import checked_password
from quadrangle.accounts.sign_in.lockouts import Lockouts
from quadrangle.accounts.tokens.sessions import Sessions
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Gone


class TakingLinks:
    """Sets passwords for those who have read a mail."""

    def __init__(
        self,
        credentials: Credentials,
        opening: OpeningLinks,
        lockouts: Lockouts,
        sessions: Sessions,
        clock: Clock,
    ) -> None:
        self._credentials = credentials
        self._opening = opening
        self._lockouts = lockouts
        self._sessions = sessions
        self._clock = clock

    async def reset_password(self, token: str, new: str, place: Place) -> None:
        """Replace a forgotten password; every sign-in ends, and so does the lock on guessing it.

        A second factor is still asked for at the next sign-in. Raises InvalidInput, Gone,
        TooManyRequests, Unavailable.
        """
        life_rules.check_form(token, password=("newPassword", new))
        link, account = await self._opening.look(token, place, Purpose.RESET)
        secret = await checked_password(new, account.email, name=account.name)

        def decide(found: Account, _: int) -> tuple[Account, list[Change]]:
            return life_rules.reset_password(found, link, place.address, self._clock.now())

        await self._credentials.set_password(account.account_id, secret, decide)
        self._sessions.forget()
        await self._lockouts.forget(f"password:{account.email}")

    async def invitation(self, token: str, place: Place) -> Account:
        """Return the account one is invited to.

        Raises InvalidInput, Gone, TooManyRequests, Unavailable.
        """
        life_rules.check_form(token)
        _, account = await self._opening.look(token, place, Purpose.INVITATION)
        if account.state is not AccountState.INVITED:
            raise Gone(LINK_OVER)
        return account

    async def accept(self, token: str, name: str, password: str, place: Place) -> SignedIn:
        """Take an account one is invited to: with a name and a password of one's own.

        Raises InvalidInput, Gone, TooManyRequests, Unavailable.
        """
        life_rules.check_form(token, name=name, password=("password", password))
        link, account = await self._opening.look(token, place, Purpose.INVITATION)
        secret = await checked_password(password, account.email, field="password", name=name)

        def decide(found: Account, _: int) -> tuple[Account, list[Change]]:
            return life_rules.accept_invitation(found, link, name, place.address, self._clock.now())

        accepted = await self._credentials.set_password(account.account_id, secret, decide)
        self._sessions.forget()
        return await self._sessions.start(accepted, Method.PASSWORD, place)
