"""Signing in, by e-mail and password or by the staff PIN."""

from quadrangle.accounts import rules
from quadrangle.accounts.lockout_rules import password_door, pin_door
from quadrangle.accounts.lockouts import Lockouts, Verdict
from quadrangle.accounts.model import PIN_NAME, PIN_SUBJECT, Pin, SignedIn
from quadrangle.accounts.ports import AccountStore, Passwords, PinStore, Stored
from quadrangle.accounts.sessions import Sessions
from quadrangle.kernel.clock import Clock
from quadrangle.kernel.errors import NotSignedIn
from quadrangle.kernel.principal import Principal, Role

# The same for an unknown address, a wrong password and a closed account.
WRONG_PASSWORD = "This e-mail address and password do not belong together."  # noqa: S105
WRONG_PIN = "This PIN is wrong."
NOBODY = "unknown"  # the subject of a failed sign-in with an address nobody has
STRANGER = Principal("Someone")


class SignIn:
    """Checks what people sign in with. `address` is where they come from, as limits count it."""

    def __init__(
        self,
        accounts: AccountStore,
        pins: PinStore,
        passwords: Passwords,
        lockouts: Lockouts,
        sessions: Sessions,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._pins = pins
        self._passwords = passwords
        self._lockouts = lockouts
        self._sessions = sessions
        self._clock = clock

    async def with_password(self, email: str, password: str, address: str) -> SignedIn:
        """Raises InvalidInput, NotSignedIn, TooManyRequests, Unavailable."""
        email, secret = rules.presented(email, password)
        found: Stored | None = None

        async def look() -> Verdict:
            nonlocal found
            found = await self._accounts.by_email(email)
            hashed = found.password_hash if found else None
            right = await self._passwords.verify(hashed, secret)
            return self._password_verdict(found, right, address)

        right = await self._lockouts.run(password_door(email, address), look)
        if not right or found is None:
            raise NotSignedIn(WRONG_PASSWORD)
        await self._renew_hash(found, secret)
        return self._sessions.start(found.account)

    def _password_verdict(self, found: Stored | None, right: bool, address: str) -> Verdict:
        now = self._clock.now()
        data = {"method": "password", "address": address}
        if found is None:
            failed = rules.fact("account.sign-in-failed", NOBODY, data, STRANGER, now)
            return Verdict(False, failed)
        account = found.account
        if not right or not account.active:
            failed = rules.fact("account.sign-in-failed", account.account_id, data, STRANGER, now)
            return Verdict(False, failed)
        actor = Principal(account.name, account.role, account.account_id)
        return Verdict(True, rules.fact("account.signed-in", account.account_id, data, actor, now))

    async def _renew_hash(self, found: Stored, secret: str) -> None:
        """Hash the password with today's parameters: only now is it at hand."""
        old = found.password_hash
        if old is not None and self._passwords.is_outdated(old):
            new = await self._passwords.hash(secret)
            await self._accounts.replace_hash(found.account.account_id, old, new)

    async def with_pin(self, pin: str, address: str) -> SignedIn:
        """Raises InvalidInput, NotSignedIn, TooManyRequests, Unavailable."""
        secret = rules.presented_secret("pin", pin)
        current: Pin | None = None

        async def look() -> Verdict:
            nonlocal current
            current = await self._pins.load()
            right = await self._passwords.verify(current.hash if current else None, secret)
            kind = "account.signed-in" if right else "account.sign-in-failed"
            data = {"method": "pin", "address": address}
            actor = Principal(PIN_NAME, Role.STAFF) if right else STRANGER
            return Verdict(right, rules.fact(kind, PIN_SUBJECT, data, actor, self._clock.now()))

        right = await self._lockouts.run(pin_door(address), look)
        if not right or current is None:
            raise NotSignedIn(WRONG_PIN)
        return self._sessions.start(current)
