"""Setting up and removing an authenticator app, recovery codes, and what admins take away."""

import io

import msgspec

from quadrangle.accounts import rules
from quadrangle.accounts.model import Access, Account, NoSuchAccount, Place, Session
from quadrangle.accounts.own.factor_rules import (
    FactorChange,
    change_factors,
    require_left,
    require_lengths,
    told,
)
from quadrangle.accounts.own.passkey_ports import PasskeyStore
from quadrangle.accounts.own.reauthentication import Reauthentication
from quadrangle.accounts.policy_model import AccountPolicy
from quadrangle.accounts.ports import AccountStore
from quadrangle.accounts.rules import Decision
from quadrangle.accounts.secrets import totp
from quadrangle.accounts.secrets.ports import Credentials
from quadrangle.accounts.secrets.recovery import Recovery
from quadrangle.accounts.sign_in.codes import WRONG_CODE
from quadrangle.accounts.tokens.sessions import Sessions
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import Conflict, InvalidInput
from quadrangle.kernel.ids import is_id
from quadrangle.kernel.principal import Principal, require_admin

NO_APP = "No authenticator app is set up."
NO_FACTOR = "Recovery codes stand in for a second factor. Please set up an app or a passkey first."
_GROUP = 4
_QUIET_MODULES = 4  # of white around the picture, by the standard; also where the page is dark


class Setup(msgspec.Struct, frozen=True):
    """An app about to be set up: the secret in groups of four, and as a QR picture (SVG)."""

    enrolment: str
    secret: str
    uri: str
    qr: str


class TwoFactor:
    """All but `remove_all` is for one's own account. Each may raise NotSignedIn, Forbidden and
    Unavailable, and with a password also InvalidInput and TooManyRequests.

    What adds or removes a factor ends every other sign-in and returns the access token that this
    one goes on with, None when it has ended meanwhile.
    """

    def __init__(
        self,
        accounts: AccountStore,
        credentials: Credentials,
        recovery: Recovery,
        passkeys: PasskeyStore,
        again: Reauthentication,
        sessions: Sessions,
        policy: AccountPolicy,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._credentials = credentials
        self._recovery = recovery
        self._passkeys = passkeys
        self._again = again
        self._sessions = sessions
        self._policy = policy
        self._clock = clock

    async def begin(
        self, actor: Principal, password: str, session: Session | None, place: Place
    ) -> Setup:
        """Return a new secret, which counts once confirmed.

        Raises Conflict where the keeper of secrets takes none while there is an app (on AWS).
        """
        account = await self._own(actor)
        await self._again.require(account, password, actor, place, session=session)
        begun = await self._credentials.begin_totp(account.account_id, password)
        address = totp.uri(begun.secret, account.email, self._policy.issuer_name)
        return Setup(begun.handle, _grouped(begun.secret), address, _picture(address))

    async def confirm(
        self, actor: Principal, enrolment: str, code: str, session: Session | None
    ) -> tuple[list[str], Access | None]:
        """Take the secret into use and return ten recovery codes.

        Raises InvalidInput for a wrong code, Gone, Conflict. Should the codes not be made as their
        store is away, the app counts all the same, and `renew_codes` makes them.
        """
        account = await self._own(actor)
        require_lengths(enrolment=enrolment, code=code)
        had = await self._credentials.has_totp(account.account_id)
        what = FactorChange.TOTP_REPLACED if had else FactorChange.TOTP_ADDED

        def decide(found: Account, _: int) -> Decision:
            return change_factors(found, account, what, actor, self._clock.now(), left=True)

        typed = "".join(code.split())
        changed = await self._credentials.confirm_totp(account.account_id, enrolment, typed, decide)
        if changed is None:
            raise InvalidInput.at("code", WRONG_CODE)
        access = await self._sessions.carry_on(session, changed)
        return await self._recovery.renew(account.account_id), access

    async def remove(
        self, actor: Principal, password: str, code: str, session: Session | None, place: Place
    ) -> Access | None:
        """Take the app away. Raises Conflict where the role needs a factor and none is left."""
        account = await self._own(actor)
        require_lengths(password=password, code=code)
        if not await self._credentials.has_totp(account.account_id):
            raise Conflict(NO_APP)
        left = bool(await self._passkeys.of_account(account.account_id))
        require_left(account, self._policy.factor_roles, left=left)
        await self._again.require(account, password, actor, place, session=session, code=code)

        def decide(found: Account, _: int) -> Decision:
            require_left(found, self._policy.factor_roles, left=left)
            what = FactorChange.TOTP_REMOVED
            return change_factors(found, account, what, actor, self._clock.now(), left=left)

        changed = await self._credentials.remove_totp(account.account_id, decide)
        access = await self._sessions.carry_on(session, changed)
        if not left:
            await self._recovery.forget(account.account_id)
        return access

    async def renew_codes(
        self, actor: Principal, password: str, session: Session | None, place: Place
    ) -> list[str]:
        """Return ten new recovery codes; the old ones end. Raises Conflict without a factor."""
        account = await self._own(actor)
        require_lengths(password=password)
        if not account.two_factor:
            raise Conflict(NO_FACTOR)
        await self._again.require(account, password, actor, place, session=session)
        change = told(account.account_id, FactorChange.CODES_RENEWED, actor, self._clock.now())
        return await self._recovery.renew(account.account_id, [change])

    async def remove_all(self, account_id: str, actor: Principal) -> None:
        """Take app, passkeys and recovery codes of an account away (admin); its sign-ins end.

        When it fails halfway nobody is let in by less than before, and it can be repeated. Raises
        NotSignedIn, Forbidden, NotFound, Conflict, Unavailable.
        """
        require_admin(actor)
        account = await self._accounts.get(account_id) if is_id(account_id) else None
        if account is None:
            raise NoSuchAccount()
        seen = account

        def decide(found: Account, _: int) -> Decision:
            what = FactorChange.ALL_REMOVED
            return change_factors(found, seen, what, actor, self._clock.now(), left=False)

        await self._passkeys.forget(account_id)
        await self._recovery.forget(account_id)
        await self._credentials.remove_totp(account_id, decide)
        self._sessions.forget()

    async def _own(self, actor: Principal) -> Account:
        rules.require_account(actor)
        account = await self._sessions.me(actor)
        assert account is not None  # as require_account has seen to it
        return account


def _grouped(secret: str) -> str:
    return " ".join(secret[at : at + _GROUP] for at in range(0, len(secret), _GROUP))


def _picture(text: str) -> str:
    """Return a QR picture without a size of its own: black on white, whatever the page has."""
    import segno  # with the first app that is set up: functions of AWS start sooner without

    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn,
        kind="svg",
        border=_QUIET_MODULES,
        dark="#000",
        light="#fff",
        xmldecl=False,
        omitsize=True,
    )
    return drawn.getvalue().decode().strip()
