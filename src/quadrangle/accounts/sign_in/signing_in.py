"""Signing in, by e-mail and password, with a code where one is set up, or by the staff PIN."""

import msgspec

from quadrangle.accounts import rules
from quadrangle.accounts.model import (
    PIN_NAME,
    PIN_SUBJECT,
    Account,
    Method,
    Pin,
    Place,
    SignedIn,
)
from quadrangle.accounts.ports import AccountStore, PinStore
from quadrangle.accounts.secrets.ports import Credentials, Passwords
from quadrangle.accounts.sign_in.codes import WRONG_CODE, Codes
from quadrangle.accounts.sign_in.door_rules import password_door, pin_door
from quadrangle.accounts.sign_in.lockouts import Lockouts, SecretFinding
from quadrangle.accounts.tokens.sessions import Sessions
from quadrangle.kernel.change import Change
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import CodeRequired, Forbidden, NotSignedIn
from quadrangle.kernel.principal import Principal, Role

# The same for an unknown address, a wrong password and an account that may not sign in.
WRONG_PASSWORD = "This e-mail address and password do not belong together."  # noqa: S105
WRONG_PIN = "This PIN is wrong."
NO_PIN = "Nobody signs in with a PIN here. Please sign in with your account."
CODE_WANTED = "Please enter the six digits that your authenticator app shows."
PASSKEY_WANTED = "Please sign in with your passkey, or enter one of your recovery codes."
NOBODY = "unknown"  # the subject of a failed sign-in with an address nobody has


class _Looked(msgspec.Struct, frozen=True):
    """What came of password and code, and the sentence that asks for a code, if one does.

    It is right and asks where the password is right and a code is missing.
    """

    right: bool
    asks: str = ""
    has_app: bool = True


def stranger(place: Place) -> Principal:
    """Return who acts before anyone has signed in."""
    return Principal("Someone", origin=place.address)


class SignIn:
    """Checks what people sign in with."""

    def __init__(
        self,
        accounts: AccountStore,
        pins: PinStore,
        passwords: Passwords,
        credentials: Credentials,
        codes: Codes,
        lockouts: Lockouts,
        sessions: Sessions,
        clock: Clock,
        *,
        pin: bool,
    ) -> None:
        self._pin = pin
        self._accounts = accounts
        self._pins = pins
        self._passwords = passwords
        self._credentials = credentials
        self._codes = codes
        self._lockouts = lockouts
        self._sessions = sessions
        self._clock = clock

    async def with_password(
        self, email: str, password: str, place: Place, code: str | None = None
    ) -> SignedIn:
        """Raises InvalidInput, NotSignedIn, CodeRequired, TooManyRequests, Unavailable.

        CodeRequired is raised only once the password is right. A wrong code counts like a wrong
        password, a missing one does not.
        """
        email, secret = rules.presented(email, password)
        found: Account | None = None
        looked = _Looked(right=False)

        async def look() -> SecretFinding:
            nonlocal found, looked
            found = await self._accounts.by_email(email)
            looked = await self._look(found, secret, (code or "").strip())
            return self._verdict(found, looked, place)

        right = await self._lockouts.run(password_door(email, place.address, place.mark), look)
        if looked.asks:
            raise CodeRequired(looked.asks, has_app=looked.has_app)
        if not right or found is None:
            raise NotSignedIn(WRONG_PASSWORD)
        return await self._sessions.start(found, Method.PASSWORD, place)

    async def _look(self, found: Account | None, secret: str, code: str) -> _Looked:
        checked = await self._credentials.check_password(
            found.account_id if found else None, secret
        )
        if found is None or not found.usable or not checked.right:
            return _Looked(right=False)
        if not checked.code_required and not found.two_factor:
            return _Looked(right=True)
        has_app = checked.code_required
        if not code:
            return _Looked(True, asks=CODE_WANTED if has_app else PASSKEY_WANTED, has_app=has_app)
        if await self._codes.take(found.account_id, checked, code):
            return _Looked(right=True)
        return _Looked(False, asks=WRONG_CODE, has_app=has_app)

    def _verdict(self, found: Account | None, looked: _Looked, place: Place) -> SecretFinding:
        data = {"method": Method.PASSWORD.value}
        subject = found.account_id if found else NOBODY
        if not looked.right or found is None:
            actor = stranger(place)
            return SecretFinding(False, self._fact("account.sign-in-failed", subject, data, actor))
        if looked.asks:
            return SecretFinding(right=False, undecided=True)
        actor = Principal(found.name, found.role, found.account_id, origin=place.address)
        return SecretFinding(True, self._fact("account.signed-in", subject, data, actor))

    async def with_pin(self, pin: str, place: Place) -> SignedIn:
        """Raises InvalidInput, NotSignedIn, Forbidden, TooManyRequests, Unavailable."""
        if not self._pin:
            raise Forbidden(NO_PIN)
        secret = rules.presented_secret("pin", pin)
        current: Pin | None = None

        async def look() -> SecretFinding:
            nonlocal current
            current = await self._pins.load()
            right = await self._passwords.verify(current.hash if current else None, secret)
            kind = "account.signed-in" if right else "account.sign-in-failed"
            data = {"method": Method.PIN.value}
            actor = stranger(place)
            if right:
                actor = Principal(PIN_NAME, Role.STAFF, origin=place.address)
            return SecretFinding(right, self._fact(kind, PIN_SUBJECT, data, actor))

        right = await self._lockouts.run(pin_door(place.address, place.mark), look)
        if not right or current is None:
            raise NotSignedIn(WRONG_PIN)
        return await self._sessions.start(current, Method.PIN, place)

    def _fact(self, kind: str, subject: str, data: dict[str, str], actor: Principal) -> Change:
        return rules.fact(kind, subject, data, actor, self._clock.now())
